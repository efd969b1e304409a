using Parley.Contract;

namespace Parley.Client.Sending;

/// <summary>Pure: what a refusal means for a message in the outbox, and when the next attempt is due.</summary>
internal static class OutboxRules
{
    /// <summary>Attempts that the server answers with a passing refusal before the message counts as failed.</summary>
    public const int AttemptsMax = 3;

    private const double FirstBackoffSeconds = 1;

    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(Limits.ExpiryDays);

    public static Verdict Of(Refusal refusal, int attempts) => refusal.Code switch
    {
        // Neither is a judgement about this message: the session is renewed, the server comes back.
        RefusalCode.Unauthenticated or RefusalCode.ShuttingDown => Verdict.NotAnAttempt,
        RefusalCode.Overloaded or RefusalCode.StorageFull or RefusalCode.TooManyRequests or RefusalCode.Unexpected =>
            attempts < AttemptsMax ? Verdict.TryAgain : Verdict.Fail,
        _ => Verdict.Fail,
    };

    /// <summary>Doubles with each attempt; never sooner than the server asked.</summary>
    public static TimeSpan Backoff(Refusal refusal, int attempts, double chance)
    {
        var own = FirstBackoffSeconds * Math.Pow(2, Math.Max(0, attempts - 1)) * (0.75 + chance / 2);
        return TimeSpan.FromSeconds(Math.Max(own, refusal.RetryAfterSeconds ?? 0));
    }

    /// <summary>A message this old is sent only if the person still wants it.</summary>
    public static bool IsTooOld(OutboxItem item, DateTimeOffset now) => now - item.QueuedAt > AgeMax;

    internal enum Verdict
    {
        TryAgain,
        NotAnAttempt,
        Fail,
    }
}
