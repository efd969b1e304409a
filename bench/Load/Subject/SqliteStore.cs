using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Parley.Load.Subject;

/// <summary>The embedded database, in the server's data folder.</summary>
internal sealed class SqliteStore(string folder) : IStore
{
    private readonly string _path = Path.Combine(folder, "data", "parley.db");

    static SqliteStore() => SQLitePCL.Batteries_V2.Init();

    public string Kind => "sqlite";

    public int? ProcessId => null;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public async Task FillAsync(
        string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows, CancellationToken cancel)
    {
        await using var connection = (SqliteConnection)await OpenAsync(cancel);
        await using var transaction = connection.BeginTransaction();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES (@{string.Join(", @", columns)})";
        foreach (var column in columns)
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + column });

        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                command.Parameters[i].Value = row[i] is Guid id ? id.ToByteArray(true) : row[i] ?? DBNull.Value;

            command.ExecuteNonQuery();
        }

        await transaction.CommitAsync(cancel);
    }

    public Task SettleAsync(CancellationToken cancel) => this.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);

    public async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;";
        await command.ExecuteNonQueryAsync(cancel);
        return connection;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
