using Microsoft.Extensions.Options;
using Parley.Server.Storage;

namespace Parley.Server.Expiry;

/// <summary>Sweeps when the server starts and every few minutes after. Requirement OQ-06.</summary>
internal sealed class ExpiryWorker(
    SweepMessages sweep, IOptions<ExpiryOptions> options, TimeProvider time, ILogger<ExpiryWorker> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(options.Value.SweepMinutes), time);
        do
        {
            try
            {
                if (await sweep.RunAsync(stoppingToken) is > 0 and var expired)
                    Log.Expired(log, expired);
            }
            catch (StorageTrouble trouble)
            {
                Log.SweepFailed(log, trouble);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
