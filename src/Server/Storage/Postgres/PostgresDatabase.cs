using System.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using Parley.Server.Kernel;

namespace Parley.Server.Storage.Postgres;

/// <summary>PostgreSQL through a bounded pool. Row locks, taken in id order, make commit order equal <c>seq</c>
/// order.</summary>
internal sealed class PostgresDatabase : IDatabase
{
    private const int AttemptsMax = 4;
    private const long MigrationLock = 0x7061_726C_6579; // "parley"

    private readonly NpgsqlDataSource _source;
    private readonly ILogger _log;

    public PostgresDatabase(IOptions<StorageOptions> options, ILogger<PostgresDatabase> log)
    {
        _log = log;
        _source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(options.Value.Postgres)
        {
            MaxPoolSize = options.Value.PostgresConnectionsMax,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Timeout = options.Value.BusySeconds,
            CommandTimeout = 2 * options.Value.BusySeconds,
            ApplicationName = "parley",
        }.ToString()).Build();
    }

    public string Kind => "postgres";

    public string ForUpdate => "FOR NO KEY UPDATE";

    public int WriteLanes => 2;

    public async Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(work, cancel);
            }
            catch (PostgresException error) when (IsConflict(error) && attempt < AttemptsMax)
            {
                Log.WriteRepeated(_log, error.SqlState, attempt);
            }
            catch (NpgsqlException error) when (TroubleOf(error) is { } trouble)
            {
                throw trouble;
            }
        }
    }

    public async Task<T> ReadAsync<T>(Func<Snapshot, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            var answer = await work(new Snapshot(connection, transaction, this, cancel));
            await transaction.CommitAsync(cancel);
            return answer;
        }
        catch (NpgsqlException error) when (TroubleOf(error) is { } trouble)
        {
            throw trouble;
        }
    }

    public Task MigrateAsync(CancellationToken cancel) => WriteAsync(async turn =>
    {
        await turn.ExecuteAsync("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock });
        await turn.ExecuteAsync("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL)");
        var done = (await turn.QueryAsync<long>("SELECT number FROM migration")).ToHashSet();
        foreach (var script in MigrationScript.Of(Kind).Where(script => !done.Contains(script.Number)))
        {
            await turn.ExecuteAsync(script.Sql);
            await turn.ExecuteAsync(
                "INSERT INTO migration (number, name) VALUES (@Number, @Name)", new { script.Number, script.Name });
        }

        return done;
    }, cancel);

    public Task<StorageFacts> FactsAsync(CancellationToken cancel) => ReadAsync(async view =>
    {
        var version = await view.SingleAsync<string>("SHOW server_version");
        var fsync = await view.SingleAsync<string>("SHOW fsync");
        var commit = await view.SingleAsync<string>("SHOW synchronous_commit");
        var pages = await view.SingleAsync<string>("SHOW full_page_writes");
        var schema = await view.SingleAsync<long>("SELECT coalesce(max(number), 0) FROM migration");
        return new StorageFacts(
            Kind,
            version,
            $"fsync={fsync} synchronous_commit={commit} full_page_writes={pages}",
            fsync == "on" && pages == "on" && commit is "on" or "remote_apply" or "remote_write",
            (int)schema);
    }, cancel);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> WriteOnceAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Once begun it runs to its end: a commit cut off by a caller who left would be a commit of unknown outcome.
        var turn = new Transaction(connection, transaction, this, CancellationToken.None);
        var answer = await work(turn);
        if (!turn.IsCommitted)
            await transaction.CommitAsync(CancellationToken.None);

        turn.Committed();
        return answer;
    }

    private static bool IsConflict(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.UniqueViolation;

    private static StorageTrouble? TroubleOf(NpgsqlException error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => StorageTrouble.Full(error),
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } =>
            new(Refuse.Invalid("The character U+0000 is not text. Remove it."), error),
        PostgresException { SqlState: { } state } when state.StartsWith("57", StringComparison.Ordinal)
            || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("40", StringComparison.Ordinal)
            || state == PostgresErrorCodes.LockNotAvailable => StorageTrouble.Busy(error),
        PostgresException => null,
        _ => StorageTrouble.Busy(error),
    };
}
