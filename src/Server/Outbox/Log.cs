namespace Parley.Server.Outbox;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning,
        "Outbox entry {Entry} ({Kind}) failed, attempt {Attempt} of {AttemptsMax}; retry in {DelayMs} ms")]
    public static partial void AttemptFailed(
        ILogger logger, long entry, string kind, long attempt, int attemptsMax, double delayMs, Exception error);

    [LoggerMessage(LogLevel.Error,
        "Outbox entry {Entry} ({Kind}) gave up after attempt {Attempt}; see `parley queue retry`")]
    public static partial void EntryFailed(ILogger logger, long entry, string kind, long attempt, Exception? error);

    [LoggerMessage(LogLevel.Warning, "How outbox entry {Entry} ({Kind}) ended could not be written; it will run again")]
    public static partial void EntryUnsettled(ILogger logger, long entry, string kind, Exception error);

    [LoggerMessage(LogLevel.Warning, "The outbox could not be read; the next poll tries again")]
    public static partial void OutboxUnreadable(ILogger logger, Exception error);
}
