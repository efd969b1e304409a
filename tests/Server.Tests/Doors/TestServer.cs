using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Host;
using Parley.Server.Storage;
using Parley.Servers;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// The whole server behind a real Kestrel on a free port, with data of its own and a clock that the test moves. Clients
/// made here are programs, not browsers: without an Origin.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Password = "four unrelated words here";
    private static readonly ConcurrentDictionary<string, string> Hashes = new();

    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private TestServer(WebApplication app, FakeClock clock, string folder, bool ownsFolder)
    {
        (_app, Clock, _folder, _ownsFolder) = (app, clock, folder, ownsFolder);
        Address = new(app.Urls.Single());
        Http = NewClient();
    }

    public FakeClock Clock { get; }

    public Uri Address { get; }

    /// <summary>Data and keys.</summary>
    public string Folder => _folder;

    /// <summary>Nobody in particular.</summary>
    public HttpClient Http { get; }

    public IDatabase Database => Get<IDatabase>();

    public WebApplication App => _app;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="database"><c>sqlite</c>, <c>postgres</c>, or a connection string of PostgreSQL.</param>
    /// <param name="settings">Configuration over the defaults.</param>
    /// <param name="configure">Further services.</param>
    /// <param name="map">Further routes.</param>
    /// <param name="sharing">Another server: the same data folder, keys and clock. A second node.</param>
    public static async Task<TestServer> StartAsync(
        string database = "sqlite",
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        TestServer? sharing = null)
    {
        var folder = sharing?._folder ?? Directory.CreateTempSubdirectory("parley-doors-").FullName;
        var clock = sharing?.Clock ?? new FakeClock();
        var all = new Dictionary<string, string?>
        {
            ["Storage:DataFolder"] = folder,
            ["Storage:AllowWeakDurability"] = "true",
            ["Storage:Postgres"] = await PostgresAsync(database),
            ["Accounts:PasswordIterations"] = "100000",
            ["urls"] = "http://127.0.0.1:0",
        };
        foreach (var (key, value) in settings ?? [])
            all[key] = value;

        var app = ParleyHost.Build(["--environment", "Production"], builder =>
        {
            builder.Configuration.AddInMemoryCollection(all);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            builder.Logging.ClearProviders();
            configure?.Invoke(builder);
        });
        map?.Invoke(app);
        await app.StartStorageAsync(Cancel);
        await app.StartAsync(Cancel);
        return new(app, clock, folder, sharing is null);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public HttpClient NewClient() => new(new SocketsHttpHandler
    {
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
    })
    { BaseAddress = Address };

    /// <summary>A client with somebody's access token.</summary>
    public HttpClient As(SignedIn session) => As(session.AccessToken);

    public HttpClient As(string accessToken)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    /// <summary>An account with <see cref="Password"/>, or with another one.</summary>
    public async Task<Person> AddPersonAsync(
        string handle, Role role = Role.Member, string password = Password, string? name = null)
    {
        var hash = Hashes.GetOrAdd(password, Get<Passwords>().Hash);
        var request = new CreateAccountRequest(handle, name ?? "Person " + handle, role, null);
        var made = await Database.WriteAsync(
            turn => Get<NewAccount>().InsertAsync(turn, request, hash), Cancel);
        return made.Value ?? throw new InvalidOperationException(made.Refusal?.Detail);
    }

    /// <summary>Signs in as the person would, over HTTP.</summary>
    public async Task<SignedIn> SignInAsync(string handle, string password = Password, string device = "Test") =>
        await ReadAsync<SignedIn>(await TrySignInAsync(handle, password, device));

    public Task<HttpResponseMessage> TrySignInAsync(
        string handle, string password = Password, string device = "Test") =>
        PostAsync(Http, "/api/v1/auth/sign-in", new SignInRequest(handle, password, device));

    /// <summary>A signed-in person, without the work of a password.</summary>
    public async Task<SignedIn> SessionAsync(Person person, string device = "Test")
    {
        var account = await Database.ReadAsync(view => AccountSql.FindAsync(view, person.Id), Cancel);
        return await Database.WriteAsync(turn => Get<NewSession>().BeginAsync(turn, account!, device), Cancel);
    }

    /// <summary>A new person, signed in.</summary>
    public async Task<SignedIn> SessionAsync(string handle, Role role = Role.Member) =>
        await SessionAsync(await AddPersonAsync(handle, role));

    public static Task<HttpResponseMessage> PostAsync<T>(HttpClient client, string path, T body) =>
        client.PostAsJsonAsync(path, body, WireJson.Options, Cancel);

    /// <summary>The value of an answer that must be one.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
            return System.Text.Json.JsonSerializer.Deserialize<T>(text, WireJson.Options)!;
        }
    }

    /// <summary>The problem of an answer that must be a refusal.</summary>
    public static async Task<Problem> ProblemAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            return System.Text.Json.JsonSerializer.Deserialize<Problem>(text, WireJson.Options)!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string?> PostgresAsync(string database) => database switch
    {
        "sqlite" => null,
        "postgres" => (await (await PostgresServer.SharedAsync()).CreateAsync(Cancel)).ConnectionString,
        _ => database,
    };

    /// <summary>Problem details (RFC 9457), as far as they are promised.</summary>
    internal sealed record Problem(
        string Type, string Title, int Status, string Detail, RefusalCode Code, string TraceId, int? RetryAfterSeconds);
}
