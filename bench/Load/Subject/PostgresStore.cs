using System.Data.Common;
using Npgsql;
using Parley.Servers;

namespace Parley.Load.Subject;

/// <summary>A database of a real PostgreSQL that flushes its commits.</summary>
internal sealed class PostgresStore : IStore
{
    private readonly PostgresServer _server;
    private readonly PostgresDatabase _database;

    private PostgresStore(PostgresServer server, PostgresDatabase database)
    {
        _server = server;
        _database = database;
        Settings = new Dictionary<string, string> { ["Storage__Postgres"] = database.ConnectionString };
    }

    public string Kind => "postgres";

    public int? ProcessId => _server.ProcessId;

    public IReadOnlyDictionary<string, string> Settings { get; }

    public static async Task<PostgresStore> StartAsync(CancellationToken cancel)
    {
        var server = await PostgresServer.StartAsync(durable: true, cancel: cancel);
        return new(server, await server.CreateAsync(cancel));
    }

    public async Task FillAsync(
        string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows, CancellationToken cancel)
    {
        await using var connection = (NpgsqlConnection)await OpenAsync(cancel);
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)", cancel);
        foreach (var row in rows)
            await copy.WriteRowAsync(cancel, row);

        await copy.CompleteAsync(cancel);
    }

    public async Task SettleAsync(CancellationToken cancel)
    {
        await this.ExecuteAsync("VACUUM ANALYZE", cancel);
        await this.ExecuteAsync("CHECKPOINT", cancel);
    }

    public async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(_database.ConnectionString + ";Command Timeout=600");
        await connection.OpenAsync(cancel);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
    }
}
