namespace Parley.Server.Demo;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "A demo organisation of {People} people is ready")]
    public static partial void Seeded(ILogger logger, int people);
}
