using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Storage;
using Parley.Server.Sync;

namespace Parley.Server.Live;

/// <summary>
/// Tells every connected person the digest of the heads at least every 30 s (rule SY-5), a slice of the people each
/// second, so that the reads spread.
/// </summary>
internal sealed class Heartbeats(LiveConnections connections, Heads heads, TimeProvider time, ILogger<Heartbeats> log)
    : BackgroundService
{
    // A little under the promise, so that a slow round still keeps it.
    private const int Slices = Limits.HeartbeatSeconds - 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            try
            {
                await BeatAsync(round % Slices, stoppingToken);
            }
            catch (StorageTrouble trouble)
            {
                Log.HeartbeatsFailed(log, trouble);
            }
        }
    }

    private async Task BeatAsync(int slice, CancellationToken cancel)
    {
        foreach (var (account, _) in connections.All)
        {
            if ((uint)account.GetHashCode() % Slices == slice)
            {
                var heartbeat = await heads.HeartbeatAsync(account, cancel);
                connections.Publish(new(Wire.HeartbeatTarget, heartbeat, [account]));
            }
        }
    }
}
