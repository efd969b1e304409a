using Parley.Server.Storage;
using Parley.Server.Storage.Sqlite;
using Parley.Simulation.Checks;

namespace Parley.Simulation.Servers;

/// <summary>
/// The real database with its real writer thread, one transaction at a time and each at its instant of virtual time.
/// While the writer works, the world stands still. Here a transaction may meet its end, and here is seen what every
/// commit really did.
/// </summary>
internal sealed class ScheduledDatabase(SqliteDatabase real, SimulatedServer server, Truth truth) : IDatabase
{
    private readonly Queue<Action> _waiting = new();
    private bool _isBusy;

    public string Kind => real.Kind;

    public string ForUpdate => real.ForUpdate;

    public int WriteLanes => real.WriteLanes;

    /// <summary>A planted bug: answers leave before the commit. Rolls back first, commits later.</summary>
    public bool AnswersEarly { get; init; }

    public Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        if (SynchronizationContext.Current is not ServerContext)
            return WatchedAsync(work, WriteFate.Commits);

        var answer = new TaskCompletionSource<T>();
        if (AnswersEarly)
            _waiting.Enqueue(() => Promise(work));
        _waiting.Enqueue(() => Execute(work, answer));
        Pump();
        return answer.Task;
    }

    // The real one reads on the pool's threads. The world stands still meanwhile, so it goes on as if read right here.
    public Task<T> ReadAsync<T>(Func<Snapshot, Task<T>> work, CancellationToken cancel)
    {
        var read = real.ReadAsync(work, CancellationToken.None);
        Task.WaitAny([read], CancellationToken.None);
        return read;
    }

    public Task MigrateAsync(CancellationToken cancel) => real.MigrateAsync(cancel);

    public Task<StorageFacts> FactsAsync(CancellationToken cancel) => real.FactsAsync(cancel);

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private void Pump()
    {
        if (_isBusy || !_waiting.TryDequeue(out var next))
            return;

        _isBusy = true;
        server.After(server.Weather.CommitTime(), () =>
        {
            next();
            _isBusy = false;
            Pump();
        });
    }

    private void Execute<T>(Func<Transaction, Task<T>> work, TaskCompletionSource<T> answer)
    {
        var fate = server.Weather.NextFate();
        try
        {
            var value = WatchedAsync(work, fate).GetAwaiter().GetResult();
            if (fate is WriteFate.DiesAfterCommit or WriteFate.DiesAfterPush)
                server.Crash(fate.ToString());
            else
                answer.SetResult(value);
        }
        catch (StorageTrouble trouble)
        {
            if (fate == WriteFate.DiesBeforeCommit)
                server.Crash(fate.ToString());
            else
                answer.SetException(trouble);
        }
#pragma warning disable CA1031 // It belongs to whoever asked.
        catch (Exception error)
#pragma warning restore CA1031
        {
            answer.SetException(error);
        }
    }

    private Task<T> WatchedAsync<T>(Func<Transaction, Task<T>> work, WriteFate fate) => real.WriteAsync(async turn =>
    {
        IReadOnlyList<AuditRow> rows = [];
        turn.AfterCommit(() =>
        {
            truth.Commit(rows);
            if (fate == WriteFate.DiesAfterCommit)
                server.IsDead = true;
        });
        var value = await work(turn);
        rows = await Audit.TakeAsync(turn, truth.LastRow);
        return fate is WriteFate.Fails or WriteFate.DiesBeforeCommit ? throw StorageTrouble.Busy(null) : value;
    }, CancellationToken.None);

    private void Promise<T>(Func<Transaction, Task<T>> work)
    {
        try
        {
            real.WriteAsync(async turn =>
            {
                await work(turn);
                server.Lines.IsMuted = true;
                turn.Committed();
                server.Lines.IsMuted = false;
                return await Task.FromException<T>(StorageTrouble.Busy(null));
            }, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (StorageTrouble)
        {
            // Rolled back: that is the bug. The commit comes next, if the server lives.
        }
    }
}
