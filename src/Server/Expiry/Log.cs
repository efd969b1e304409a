namespace Parley.Server.Expiry;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Count} messages were undelivered for 7 days; their authors are told")]
    public static partial void Expired(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "The sweep for expired messages was cut short; the next one continues")]
    public static partial void SweepFailed(ILogger logger, Exception error);
}
