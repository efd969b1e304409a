namespace Parley.Server.Live;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "Call {Method} of connection {Connection} failed")]
    public static partial void CallFailed(ILogger logger, string method, string connection, Exception error);

    [LoggerMessage(LogLevel.Warning, "A round of heartbeats failed; the next one tries again")]
    public static partial void HeartbeatsFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "Saying goodbye to {Connections} connections")]
    public static partial void Leaving(ILogger logger, int connections);
}
