using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// Embedded SQLite: one writer on a thread of its own, a few readers, WAL with a flush at every commit, checkpoints off
/// the writer's path.
/// </summary>
internal sealed class SqliteDatabase : IDatabase
{
    /// <summary>Operators set it to have a message handled where its socket is heard; nothing there may read.</summary>
    private static readonly bool SocketsRunInline =
        Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS") == "1";

    private readonly StorageOptions _options;
    private readonly string _path;
    private readonly SemaphoreSlim _readersFree;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Lazy<SqliteWriter> _writer;

    public SqliteDatabase(IOptions<StorageOptions> options, ILogger<SqliteDatabase> log)
    {
        _options = options.Value;
        Directory.CreateDirectory(_options.DataFolder);
        _path = Path.Combine(_options.DataFolder, "parley.db");
        _readersFree = new(_options.SqliteReadersMax);
        _writer = new(() => new(
            this, Open(SqliteOpenMode.ReadWriteCreate), Open(SqliteOpenMode.ReadWrite), _options, log));
    }

    public string Kind => "sqlite";

    public string ForUpdate => "";

    public int WriteLanes => 1;

    public Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel) =>
        _writer.Value.RunAsync(work, cancel);

    public async Task<T> ReadAsync<T>(Func<Snapshot, Task<T>> work, CancellationToken cancel)
    {
        // SQLite reads on the thread that asks.
        if (SocketsRunInline)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        await _readersFree.WaitAsync(cancel);
        try
        {
            if (!_readers.TryTake(out var connection))
                connection = Open(SqliteOpenMode.ReadOnly);

            using (var transaction = connection.BeginTransaction(deferred: true))
            {
                var answer = await work(new Snapshot(connection, transaction, this, cancel));
                transaction.Commit();
                _readers.Add(connection);
                return answer;
            }
        }
        catch (SqliteException trouble) when (SqliteTrouble.Of(trouble) is { } known)
        {
            throw known;
        }
        finally
        {
            _readersFree.Release();
        }
    }

    public async Task MigrateAsync(CancellationToken cancel)
    {
        await WriteAsync(turn => turn.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"), cancel);
        foreach (var script in MigrationScript.Of(Kind))
        {
            await WriteAsync(async turn =>
            {
                var done = await turn.FirstOrDefaultAsync<long?>(
                    "SELECT number FROM migration WHERE number = @Number", new { script.Number });
                if (done is null)
                {
                    await turn.ExecuteAsync(script.Sql);
                    await turn.ExecuteAsync(
                        "INSERT INTO migration (number, name) VALUES (@Number, @Name)",
                        new { script.Number, script.Name });
                }

                return done;
            }, cancel);
        }
    }

    public Task<StorageFacts> FactsAsync(CancellationToken cancel) => WriteAsync(async turn =>
    {
        var version = await turn.SingleAsync<string>("SELECT sqlite_version()");
        var journal = await turn.SingleAsync<string>("PRAGMA journal_mode");
        var synchronous = await turn.SingleAsync<long>("PRAGMA synchronous");
        var schema = await turn.SingleAsync<long>("SELECT coalesce(max(number), 0) FROM migration");
        return new StorageFacts(
            Kind,
            version,
            string.Create(CultureInfo.InvariantCulture, $"journal_mode={journal} synchronous={synchronous}"),
            journal == "wal" && synchronous >= 2,
            (int)schema);
    }, cancel);

    public async ValueTask DisposeAsync()
    {
        if (_writer.IsValueCreated)
            await _writer.Value.DisposeAsync();

        while (_readers.TryTake(out var reader))
            await reader.DisposeAsync();

        _readersFree.Dispose();
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = _options.BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            Pragma(connection, mode == SqliteOpenMode.ReadOnly
                ? "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;"
                : $"""
                  PRAGMA busy_timeout = {_options.BusySeconds * 1000};
                  PRAGMA journal_mode = WAL;
                  PRAGMA synchronous = FULL;
                  PRAGMA wal_autocheckpoint = 0;
                  PRAGMA foreign_keys = ON;
                  PRAGMA temp_store = MEMORY;
                  PRAGMA cache_size = -65536;
                  """);
            return connection;
        }
        catch (SqliteException trouble)
        {
            connection.Dispose();
            throw SqliteTrouble.Of(trouble) ?? (Exception)trouble;
        }
    }

    private static void Pragma(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
