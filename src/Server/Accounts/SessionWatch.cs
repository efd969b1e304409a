using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Reads, twice a second, which sessions ended or changed elsewhere, and confirms to <see cref="Sessions"/> what it
/// knows.
/// </summary>
internal sealed class SessionWatch(
    IDatabase database, Sessions sessions, SessionChanges changes, TimeProvider time, ILogger<SessionWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private long? _seen;
    private bool _isTroubled;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Pace, time);
        try
        {
            do
            {
                await LookOrComplainAsync(stoppingToken);
            }
            while (await pace.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    public async Task LookAsync(CancellationToken cancel)
    {
        var timestamp = time.GetTimestamp();
        var (head, news) = await database.ReadAsync(async view =>
        {
            var head = await SessionChanges.HeadAsync(view);
            return (head, _seen is { } seen && seen < head ? await SessionChanges.AfterAsync(view, seen) : []);
        }, cancel);
        if (_seen is null || head - _seen != news.Count)
            sessions.ForgetAll();

        foreach (var change in news)
            changes.Apply(change);

        _seen = head;
        sessions.Confirm(timestamp);
    }

    private async Task LookOrComplainAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
            _isTroubled = false;
        }
#pragma warning disable CA1031 // Whatever is wrong, the next look tries again, and sessions go stale meanwhile.
        catch (Exception error) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!_isTroubled)
                Log.SessionWatchFailed(log, error);
            _isTroubled = true;
        }
    }
}
