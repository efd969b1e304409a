namespace Parley.Client;

/// <summary>
/// The one line of thought of a client. Everything that moves its state is posted here and runs one at a time, on the
/// thread of whoever posts first; nothing inside blocks but a flush to disk. So state needs no locks, and in a
/// simulation everything happens on the simulation's one thread, in the same order every time.
/// </summary>
internal sealed class Mailbox(TimeProvider time, bool runsInline) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _isBusy;
    private bool _isClosed;

    /// <summary>What an action or a piece of work threw. Set once, before use.</summary>
    public Action<Exception> Failed { get; set; } = _ => { };

    public TimeProvider Time => time;

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// Tasks handed to applications: their code must not run inside the mailbox, except in a simulation.
    /// </summary>
    public TaskCreationOptions Promises =>
        runsInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    public bool RunsInline => runsInline;

    /// <summary>Runs the action after those that were posted before; at once when nothing is running.</summary>
    public void Post(Action action)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;

            _waiting.Enqueue(action);
            if (_isBusy)
                return;

            _isBusy = true;
        }

        Drain();
    }

    /// <summary>Like <see cref="Post"/>, with an answer.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(Promises);
        if (_isClosed)
            answer.SetException(new ObjectDisposedException(nameof(ParleyClient)));
        Post(() =>
        {
            try
            {
                answer.TrySetResult(question());
            }
#pragma warning disable CA1031 // It belongs to the one who asked.
            catch (Exception error)
#pragma warning restore CA1031
            {
                answer.TrySetException(error);
            }
        });
        return answer.Task;
    }

    /// <summary>
    /// Starts work that waits for something outside. It is cancelled, and awaited, when the client stops.
    /// </summary>
    public void Start(Func<CancellationToken, Task> work)
    {
        var running = WatchAsync(work);
        lock (_gate)
        {
            if (!running.IsCompleted)
                _running.Add(running);
        }
    }

    /// <summary>Posts the action after a while.</summary>
    public void Later(TimeSpan delay, Action action) => Start(async cancel =>
    {
        await Waits.ForAsync(delay, time, cancel).ConfigureAwait(false);
        Post(action);
    });

    /// <summary>Drops what waits and takes nothing more. What runs is cancelled.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _waiting.Clear();
        }

        _stopping.Cancel();
    }

    /// <summary>Completes when the work that was running has ended.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
            return Task.WhenAll([.. _running]);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync(Func<CancellationToken, Task> work)
    {
        var running = work(_stopping.Token);
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // The last resort of all background work.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Post(() => Failed(error));
        }
        finally
        {
            lock (_gate)
                _running.RemoveWhere(task => task.IsCompleted);
        }
    }

    private void Drain()
    {
        while (true)
        {
            Action next;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out next!)) // Null only when there is none.
                {
                    _isBusy = false;
                    return;
                }
            }

            try
            {
                next();
            }
#pragma warning disable CA1031 // One bad action must not stop the client; it is told.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Failed(error);
            }
        }
    }
}
