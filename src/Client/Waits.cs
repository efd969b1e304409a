namespace Parley.Client;

/// <summary>
/// Waiting that ends right where time, the task or the cancellation ends it. The framework's own waits finish a
/// cancellation on another thread, which a simulation on one thread could not replay.
/// </summary>
internal static class Waits
{
    /// <summary>Completes after the delay; is cancelled before.</summary>
    public static async Task ForAsync(TimeSpan delay, TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var over = new TaskCompletionSource();
        using var registration = cancel.UnsafeRegister(_ => over.TrySetCanceled(cancel), null);
        using var timer = time.CreateTimer(_ => over.TrySetResult(), null, delay, Timeout.InfiniteTimeSpan);
        await over.Task.ConfigureAwait(false);
    }

    /// <summary>Completes as the task does; is cancelled before.</summary>
    public static async Task ForAsync(Task task, CancellationToken cancel)
    {
        if (!task.IsCompleted)
        {
            cancel.ThrowIfCancellationRequested();
            var cancelled = new TaskCompletionSource();
            using var registration = cancel.UnsafeRegister(_ => cancelled.TrySetCanceled(cancel), null);
            await (await Task.WhenAny(task, cancelled.Task).ConfigureAwait(false)).ConfigureAwait(false);
        }

        await task.ConfigureAwait(false);
    }
}
