using Parley.Server.Storage;

namespace Parley.Server.Tests.Outbox;

/// <summary>
/// A database whose process is killed at the given write: before its commit (nothing stays) or after it (all of it
/// does, but the caller never learns). From then on the process is dead and every further call fails.
/// </summary>
internal sealed class CrashingDatabase(IDatabase real, int atWrite, bool afterCommit) : IDatabase
{
    private int _writes;

    /// <summary>Whether it has come to the crash.</summary>
    public bool IsDead { get; private set; }

    public string Kind => real.Kind;

    public string ForUpdate => real.ForUpdate;

    public int WriteLanes => real.WriteLanes;

    public async Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        ThrowIfDead();
        if (Interlocked.Increment(ref _writes) != atWrite)
            return await real.WriteAsync(work, cancel);

        if (afterCommit)
            await real.WriteAsync(work, cancel);

        IsDead = true;
        throw StorageTrouble.Busy(null);
    }

    public Task<T> ReadAsync<T>(Func<Snapshot, Task<T>> work, CancellationToken cancel)
    {
        ThrowIfDead();
        return real.ReadAsync(work, cancel);
    }

    public Task MigrateAsync(CancellationToken cancel) => real.MigrateAsync(cancel);

    public Task<StorageFacts> FactsAsync(CancellationToken cancel) => real.FactsAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfDead()
    {
        if (IsDead)
            throw StorageTrouble.Busy(null);
    }
}
