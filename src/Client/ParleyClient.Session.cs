using Parley.Contract;

namespace Parley.Client;

/// <summary>How an application gets a client: by signing in, or by going on where the last run stopped.</summary>
public sealed partial class ParleyClient
{
    /// <summary>
    /// Signs in on a new device (or again on this one) and starts. Refusals: wrongCredentials, lockedOut.
    /// </summary>
    /// <exception cref="InvalidOperationException">The folder belongs to another account.</exception>
    public static async Task<ParleyClient> SignInAsync(
        ParleyClientOptions options, string handle, string password, CancellationToken cancel = default)
    {
        var made = Make(options);
        try
        {
            await SignInAsync(made.Session, options.DeviceName, handle, password, cancel).ConfigureAwait(false);
            return Started(options, made);
        }
        catch
        {
            made.Http.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with the session in the folder, connected or not; null when there is none: sign in.</summary>
    public static ParleyClient? Resume(ParleyClientOptions options)
    {
        var made = Make(options);
        if (made.Session.Me is not null)
            return Started(options, made);

        made.Http.Dispose();
        return null;
    }

    /// <summary>Signs in again after <see cref="ConnectionState.SignedOut"/>; cache and outbox go on.</summary>
    public async Task SignInAgainAsync(string handle, string password, CancellationToken cancel = default)
    {
        var account = _account ?? throw new InvalidOperationException("This client was made over parts of your own.");
        await SignInAsync(account.Session, Environment.MachineName, handle, password, cancel).ConfigureAwait(false);
        Start();
    }

    /// <summary>Ends the session on this device, on the server too. Dispose the client afterwards.</summary>
    public async Task SignOutAsync(CancellationToken cancel = default)
    {
        if (_account is not null)
            await _account.Session.SignOutAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Finds a person by handle, first among those known; null when there is nobody one may see.</summary>
    public async Task<Person?> FindPersonAsync(string handle, CancellationToken cancel = default)
    {
        var known = State.People.Values.FirstOrDefault(person => Is(person, handle));
        if (known is not null || _account is null)
            return known;

        try
        {
            var page = await _account.Transport.GetAsync<PeoplePage>(
                "/people?filter=" + Uri.EscapeDataString(handle), cancel).ConfigureAwait(false);
            return page.Items.FirstOrDefault(person => Is(person, handle));
        }
        catch (HttpRequestException error)
        {
            throw new ParleyUnreachableException("The search for a person was not answered.", error);
        }

        static bool Is(Person person, string handle) =>
            string.Equals(person.Handle, handle, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task SignInAsync(
        Session session, string device, string handle, string password, CancellationToken cancel)
    {
        var before = session.Me;
        if (before is not null && !string.Equals(before.Handle, handle, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(
                $"This folder belongs to '{before.Handle}'. Use another one for '{handle}'.");

        try
        {
            await session.SignInAsync(new(handle, password, device), cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw new ParleyUnreachableException("The server did not answer the sign-in.", error);
        }
    }

    private static (Session Session, HttpClient Http) Make(ParleyClientOptions options)
    {
        if (options.Folder is { } folder)
            Directory.CreateDirectory(folder);

#pragma warning disable CA2000 // The client owns it, and it its handler.
        var http = new HttpClient(options.Handler?.Invoke() ?? new SocketsHttpHandler())
#pragma warning restore CA2000
        {
            BaseAddress = Folder(options.Server),
            Timeout = TimeSpan.FromSeconds(30),
        };
        ITokenStore tokens = options.Folder is null
            ? new MemoryTokenStore()
            : new FileTokenStore(Path.Combine(options.Folder, "session.json"));
        return (new(http, tokens, options.Time), http);
    }

    private static ParleyClient Started(ParleyClientOptions options, (Session Session, HttpClient Http) made)
    {
        var outbox = options.Folder is { } folder ? new FileOutboxStore(Path.Combine(folder, "outbox.journal")) : null;
        var transport = new ServerTransport(Folder(options.Server), made.Http, made.Session);
        var client = new ParleyClient(
            new ClientParts
            {
                Transport = transport,
                Me = made.Session.Me!.Id, // Not null: just signed in, or checked by the caller.
                Store = options.Folder is null
                    ? new MemoryStore()
                    : new FileStore(Path.Combine(options.Folder, "cache")),
                OutboxStore = outbox is null ? new MemoryOutboxStore() : outbox,
                Time = options.Time,
                Chance = options.Chance,
            },
            new(made.Session, transport, made.Http, outbox));
        client.Start();
        return client;
    }

    /// <summary>Relative addresses replace what follows the last slash, so there has to be one.</summary>
    private static Uri Folder(Uri server) =>
        server.AbsoluteUri.EndsWith('/') ? server : new(server.AbsoluteUri + "/");
}
