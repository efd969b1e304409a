namespace Parley.Client.Connecting;

/// <summary>Pure: how long to wait before the next attempt. Five fast ones, then slow ones for ever.</summary>
public static class ReconnectSchedule
{
    /// <summary>Fast attempts before the slow mode.</summary>
    public const int FastAttempts = 5;

    /// <summary>Seconds before the first attempt, before jitter; doubles with each.</summary>
    public const int FirstSeconds = 2;

    /// <summary>Seconds between slow attempts, before jitter; also the most a fast one waits.</summary>
    public const int SlowSeconds = 30;

    /// <summary>
    /// Share by which a wait is lengthened or shortened at random, so that clients do not come back in step.
    /// </summary>
    public const double Jitter = 0.25;

    /// <summary>The wait before attempt <paramref name="attempt"/> (from 1).</summary>
    /// <param name="attempt">How many attempts this makes since the last good connection.</param>
    /// <param name="chance">In [0, 1).</param>
    public static TimeSpan DelayBefore(int attempt, double chance)
    {
        var seconds = IsSlow(attempt) ? SlowSeconds : Math.Min(SlowSeconds, FirstSeconds * Math.Pow(2, attempt - 1));
        return TimeSpan.FromSeconds(seconds * (1 - Jitter + 2 * Jitter * chance));
    }

    /// <summary>Whether the fast attempts are used up.</summary>
    public static bool IsSlow(int attempt) => attempt > FastAttempts;
}
