namespace Parley.Server.Storage;

/// <summary>
/// The one place where data is kept. Two implementations: embedded SQLite, PostgreSQL. Slices write their SQL once;
/// what really differs by database is behind a port of the slice that needs it.
/// </summary>
internal interface IDatabase : IAsyncDisposable
{
    /// <summary><c>sqlite</c> or <c>postgres</c>; also the folder of its scripts.</summary>
    string Kind { get; }

    /// <summary>Appended to a SELECT in a write transaction to keep the row until commit. Empty with a single
    /// writer.</summary>
    string ForUpdate { get; }

    /// <summary>How many batches of hot writes may run at the same time.</summary>
    int WriteLanes { get; }

    /// <summary>
    /// Runs work in one write transaction and commits it, flushed to disk. The work awaits nothing but its own
    /// statements: with SQLite it holds the only writer. Throws <see cref="StorageTrouble"/> when storage cannot serve.
    /// </summary>
    Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel);

    /// <summary>Runs reads that all see the same instant.</summary>
    Task<T> ReadAsync<T>(Func<Snapshot, Task<T>> work, CancellationToken cancel);

    /// <summary>Brings the schema up to date, under a lock, each script in a transaction of its own.</summary>
    Task MigrateAsync(CancellationToken cancel);

    /// <summary>What it promises, read from the database itself.</summary>
    Task<StorageFacts> FactsAsync(CancellationToken cancel);
}

/// <summary>What a database says of itself; shown by the health check, judged at start.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Version">Version of the engine.</param>
/// <param name="Durability">The settings that decide what a power cut takes.</param>
/// <param name="IsDurable">Whether an acknowledged commit survives a power cut.</param>
/// <param name="SchemaVersion">Number of the last applied script.</param>
internal sealed record StorageFacts(
    string Kind, string Version, string Durability, bool IsDurable, int SchemaVersion);
