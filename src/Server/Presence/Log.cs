namespace Parley.Server.Presence;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "When {People} people were last seen is not saved yet; it is tried again")]
    public static partial void LastSeenNotSaved(ILogger logger, int people, Exception error);

    [LoggerMessage(LogLevel.Warning, "How {People} people appear is not told yet; it is tried again")]
    public static partial void NotTold(ILogger logger, int people, Exception error);
}
