using System.Globalization;
using Npgsql;

namespace Parley.Servers;

/// <summary>
/// A real PostgreSQL in a temporary folder on a free loopback port, for as long as this process lives.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Started = new(() => StartAsync(durable: false));

    private readonly SemaphoreSlim templateGate = new(1);
    private readonly HashSet<string> templates = [];
    private readonly IReadOnlyList<string> command;
    private readonly string? account;
    private GuardedProcess process;
    private int databases;

    private PostgresServer(GuardedProcess process, string? account, IReadOnlyList<string> command, int port)
    {
        this.process = process;
        this.account = account;
        this.command = command;
        Port = port;
    }

    public int Port { get; }

    public int ProcessId => process.Id;

    /// <summary>The one server of a test run. It stops with the process; nobody disposes it.</summary>
    public static Task<PostgresServer> SharedAsync() => Started.Value;

    /// <summary>Starts a server of one's own.</summary>
    /// <param name="durable">True: commits are flushed, as in production. False: fast, loses everything in a
    /// crash.</param>
    /// <param name="parent">The folder to make its folder in; for a bench that must not measure a RAM disk.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<PostgresServer> StartAsync(
        bool durable, string? parent = null, CancellationToken cancel = default)
    {
        var programs = PostgresPrograms.Find();
        var account = Environment.UserName == "root" ? "postgres" : null;
        var folder = await GuardedProcess.MakeFolderAsync(account, parent, "postgres", cancel);
        List<string> initialise =
        [
            programs.InitDb, "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-instructions",
        ];
        if (!durable)
        {
            initialise.Add("--no-sync");
        }

        await GuardedProcess.RunAsync(account, initialise, cancel);
        return await Ports.TryAsync(port => LaunchAsync(programs, account, folder, durable, port, cancel));
    }

    /// <summary>The way to one of its databases.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
        // Every class of tests has a database, so a pool each: small ones, or the server runs out of connections.
        MaxPoolSize = 20,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>An empty database.</summary>
    public async Task<PostgresDatabase> CreateAsync(CancellationToken cancel)
    {
        var name = NextName();
        await ExecuteAsync($"CREATE DATABASE {name}", cancel);
        return new PostgresDatabase(this, name);
    }

    /// <summary>
    /// A copy of a template, in some 50 ms. The first to ask for a template has it made: <paramref name="prepare"/>
    /// gets an empty database to put the schema into.
    /// </summary>
    public async Task<PostgresDatabase> CloneAsync(
        string template, Func<string, CancellationToken, Task> prepare, CancellationToken cancel)
    {
        // PostgreSQL copies one template at a time anyway, and only while nobody is connected to it.
        await templateGate.WaitAsync(cancel);
        try
        {
            if (!templates.Contains(template))
            {
                await ExecuteAsync($"DROP DATABASE IF EXISTS \"{template}\"", cancel);
                await ExecuteAsync($"CREATE DATABASE \"{template}\"", cancel);
                await prepare(ConnectionString(template) + ";Pooling=false", cancel);
                templates.Add(template);
            }

            var name = NextName();
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE \"{template}\"", cancel);
            return new PostgresDatabase(this, name);
        }
        finally
        {
            templateGate.Release();
        }
    }

    /// <summary>Kills it as a crash would: no shutdown, no checkpoint. Start it again with
    /// <see cref="RestartAsync"/>.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Stops it at once and lets clients know. Start it again with <see cref="RestartAsync"/>.</summary>
    public Task StopAsync() => process.StopAsync();

    /// <summary>Starts it again, on the same port and the same data.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        await process.StopAsync();
        process = await GuardedProcess.StartAsync(account, process.Folder, "QUIT", command, cancel);
        await WaitUntilReadyAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        templateGate.Dispose();
    }

    internal async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancel);
        await using var statement = connection.CreateCommand();
        statement.CommandText = sql;
        await statement.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<PostgresServer> LaunchAsync(
        PostgresPrograms programs, string? account, string folder, bool durable, int port, CancellationToken cancel)
    {
        var flush = durable ? "on" : "off";
        IReadOnlyList<string> command =
        [
            programs.Postgres, "-D", $"{folder}/data", "-k", folder,
            "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", $"fsync={flush}", "-c", $"synchronous_commit={flush}", "-c", $"full_page_writes={flush}",
            "-c", "max_connections=300",
        ];
        var process = await GuardedProcess.StartAsync(account, folder, "QUIT", command, cancel);
        var server = new PostgresServer(process, account, command, port);
        await server.WaitUntilReadyAsync(cancel);
        return server;
    }

    private string NextName() =>
        string.Create(CultureInfo.InvariantCulture, $"parley_{Interlocked.Increment(ref databases)}");

    private Task WaitUntilReadyAsync(CancellationToken cancel) =>
        Ports.WaitAsync(process, "PostgreSQL", () => ExecuteAsync("SELECT 1", cancel), cancel);
}
