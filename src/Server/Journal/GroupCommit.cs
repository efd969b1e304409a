using Parley.Server.Storage;

namespace Parley.Server.Journal;

/// <summary>
/// Turns many small writes into few transactions. There is no linger: a batch is what arrived while the commit before
/// it ran, so a lone write waits for nobody and a flood shares its flushes. Everyone is answered after the commit.
/// </summary>
internal sealed class GroupCommit<TItem, TAnswer>
{
    /// <summary>Items of one transaction. More gains little and delays the first.</summary>
    private const int BatchMax = 256;

    /// <summary>Items waiting in one lane before further ones are turned away.</summary>
    private const int WaitingMax = 20_000;

    private readonly IDatabase _database;
    private readonly Func<Transaction, IReadOnlyList<Waiting>, Task> _work;
    private readonly Lane[] _lanes;

    /// <param name="database">Where the batches are written.</param>
    /// <param name="work">Decides and writes one batch, and settles every item. May run again if the database asks for
    /// it.</param>
    public GroupCommit(IDatabase database, Func<Transaction, IReadOnlyList<Waiting>, Task> work)
    {
        _database = database;
        _work = work;
        _lanes = [.. Enumerable.Range(0, database.WriteLanes).Select(_ => new Lane())];
    }

    /// <summary>Queues an item; items of the same key are written in the order they came.</summary>
    public Task<TAnswer> SubmitAsync(Guid key, TItem item)
    {
        var lane = _lanes[(uint)key.GetHashCode() % (uint)_lanes.Length];
        var waiting = new Waiting(item);
        lock (lane)
        {
            if (lane.Queue.Count >= WaitingMax)
                throw StorageTrouble.Busy(null);

            lane.Queue.Enqueue(waiting);
            if (lane.IsBusy)
                return waiting.Answer;

            lane.IsBusy = true;
        }

        // Its outcome reaches everyone who waits; the round itself throws nothing.
        _ = RoundAsync(lane);
        return waiting.Answer;
    }

    private async Task RoundAsync(Lane lane)
    {
        Waiting[]? batch = null;
        var isHandedOn = false;
        try
        {
            await _database.WriteAsync(async turn =>
            {
                // Taken when the turn comes, not when it is asked for: whoever arrives meanwhile rides along.
                batch ??= lane.Take();
                await WriteAsync(turn, batch);

                // On the thread that committed: the next round is not made to wait for a thread of the pool.
                turn.AfterCommit(() =>
                {
                    isHandedOn = true;
                    HandOn(lane);
                });
                return batch;
            }, CancellationToken.None);
        }
        catch (StorageTrouble trouble)
        {
            Fail(batch ?? lane.Take(), trouble);
        }
#pragma warning disable CA1031 // One bad item must not take its neighbours with it: each gets a turn of its own.
        catch (Exception error)
#pragma warning restore CA1031
        {
            await OneByOneAsync(batch ?? lane.Take(), error);
        }

        if (!isHandedOn)
            HandOn(lane);
    }

    private void HandOn(Lane lane)
    {
        lock (lane)
        {
            if (lane.Queue.Count == 0)
            {
                lane.IsBusy = false;
                return;
            }
        }

        _ = RoundAsync(lane);
    }

    private async Task WriteAsync(Transaction turn, Waiting[] batch)
    {
        await _work(turn, batch);
        turn.AfterCommit(() =>
        {
            foreach (var waiting in batch)
                waiting.Release();
        });
    }

    private async Task OneByOneAsync(Waiting[] batch, Exception error)
    {
        if (batch.Length == 1)
        {
            batch[0].Fail(error);
            return;
        }

        foreach (var waiting in batch)
        {
            try
            {
                await _database.WriteAsync(async turn =>
                {
                    await WriteAsync(turn, [waiting]);
                    return waiting;
                }, CancellationToken.None);
            }
#pragma warning disable CA1031 // Whatever it is belongs to the one who sent the item.
            catch (Exception own)
#pragma warning restore CA1031
            {
                waiting.Fail(own);
            }
        }
    }

    private static void Fail(Waiting[] batch, Exception error)
    {
        foreach (var waiting in batch)
            waiting.Fail(error);
    }

    /// <summary>An item and the caller who waits for its answer.</summary>
    internal sealed class Waiting(TItem item)
    {
        private readonly TaskCompletionSource<TAnswer> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TAnswer? _settled;

        public TItem Item { get; } = item;

        public Task<TAnswer> Answer => _answer.Task;

        /// <summary>Decides the answer; it leaves only after the commit. A repeated batch decides again.</summary>
        public void Settle(TAnswer answer) => _settled = answer;

        public void Release() => _answer.TrySetResult(
            _settled ?? throw new InvalidOperationException("The batch left an item without an answer."));

        public void Fail(Exception error) => _answer.TrySetException(error);
    }

    private sealed class Lane
    {
        public Queue<Waiting> Queue { get; } = new();

        public bool IsBusy { get; set; }

        public Waiting[] Take()
        {
            lock (this)
            {
                var batch = new Waiting[Math.Min(Queue.Count, BatchMax)];
                for (var i = 0; i < batch.Length; i++)
                    batch[i] = Queue.Dequeue();

                return batch;
            }
        }
    }
}
