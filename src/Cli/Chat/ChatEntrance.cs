using System.Text;
using Parley.Client;
using Parley.Contract;

namespace Parley.Cli.Chat;

/// <summary>
/// From arguments to an open conversation: session, person, conversation. Works from the cache when offline.
/// </summary>
internal static class ChatEntrance
{
    private static readonly TimeSpan PauseWhenUnreachable = TimeSpan.FromSeconds(2);

    /// <summary>Goes on with the session on disk, or signs in.</summary>
    public static async Task<ParleyClient> EnterAsync(ChatArguments arguments, CancellationToken cancel)
    {
        var options = new ParleyClientOptions
        {
            Server = arguments.Server,
            Folder = arguments.Folder ?? DefaultFolder(arguments),
        };
        if (ParleyClient.Resume(options) is { } client)
            return client;

        var password = arguments.Password ?? Ask($"Password of {arguments.As}: ");
        return await UntilReachableAsync(
            () => ParleyClient.SignInAsync(options, arguments.As, password, cancel), cancel);
    }

    public static async Task<ChatRoom> OpenAsync(ParleyClient client, string to, CancellationToken cancel)
    {
        var person = await UntilReachableAsync(() => client.FindPersonAsync(to, cancel), cancel)
            ?? throw new ParleyRefusalException(
                new(RefusalCode.NotFound, $"There is no '{to}' whom you may write to."));
        var id = await UntilReachableAsync(() => client.OpenDirectAsync(person.Id, cancel), cancel);
        return new(client, id, person);
    }

    /// <summary>Asks for a line that does not show.</summary>
    public static string Ask(string question)
    {
        Console.Error.Write(question);
        if (Console.IsInputRedirected)
            return Console.ReadLine() ?? "";

        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
                typed.Length--;
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static async Task<T> UntilReachableAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        var isTold = false;
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (ParleyUnreachableException)
            {
                if (!isTold)
                    await Console.Error.WriteLineAsync("The server does not answer. Trying again until it does.");
                isTold = true;
                await Task.Delay(PauseWhenUnreachable, TimeProvider.System, cancel);
            }
        }
    }

    private static string DefaultFolder(ChatArguments arguments)
    {
        var home = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        var server = $"{arguments.Server.Host}-{arguments.Server.Port}";
        return Path.Combine(home, "parley", server, arguments.As.ToLowerInvariant());
    }
}
