using Microsoft.Extensions.Options;
using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>
/// Runs what is due: at once when a commit of this process nudges it, within a poll otherwise. Requirement OQ-08.
/// </summary>
internal sealed class OutboxWorker(
    RunDueEntries due, OutboxNudge nudge, IOptions<OutboxOptions> options, TimeProvider time, ILogger<OutboxWorker> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, options.Value.ConcurrencyMax)
            .Select(_ => LaneAsync(stoppingToken))
            .Append(PollAsync(stoppingToken)));

    private async Task LaneAsync(CancellationToken cancel)
    {
        await foreach (var _ in nudge.ReadAllAsync(cancel))
            await TryAsync(() => due.DrainAsync(null, cancel));
    }

    private async Task PollAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PollSeconds), time);
        do
        {
            await TryAsync(() => due.RecoverAsync(cancel));
            nudge.Nudge();
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StorageTrouble trouble)
        {
            Log.OutboxUnreadable(log, trouble);
        }
    }
}
