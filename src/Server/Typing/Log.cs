namespace Parley.Server.Typing;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Frames} frames of typing were not told; the next signs are")]
    public static partial void NotTold(ILogger logger, int frames, Exception error);
}
