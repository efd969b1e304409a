namespace Parley.Server.Host;

/// <summary>
/// Gives memory back after a burst. The collector keeps what a storm of connections left behind until it is asked for
/// room again, and a quiet server never asks. One full collection, when nothing goes on that could notice its pause.
/// </summary>
internal sealed class MemoryReturn(TimeProvider time) : BackgroundService
{
    private const long WorthReturning = 32L * 1024 * 1024;
    private const long QuietAllocations = 24L * 1024 * 1024;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, time);
        var (returnedAt, before) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var isQuiet = allocated - before < QuietAllocations;
            before = allocated;
            if (!isQuiet || allocated - returnedAt < WorthReturning)
                continue;

            returnedAt = allocated;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
