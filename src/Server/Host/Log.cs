namespace Parley.Server.Host;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Method} {Route} failed unexpectedly")]
    public static partial void Unexpected(ILogger logger, string method, string? route, Exception error);

    [LoggerMessage(LogLevel.Warning, "{Method} {Route}: storage could not serve, {Code}")]
    public static partial void StorageTrouble(
        ILogger logger, string method, string? route, string code, Exception error);

    [LoggerMessage(LogLevel.Warning,
        "A request from another origin was refused; add the origin to Host:AllowedOrigins if it is yours")]
    public static partial void OriginRefused(ILogger logger);

    [LoggerMessage(LogLevel.Information, "{Method} {Route} was refused without a valid session")]
    public static partial void Unauthenticated(ILogger logger, string method, string? route);

    [LoggerMessage(LogLevel.Information, "{Method} {Route} was refused: too many requests")]
    public static partial void RateLimited(ILogger logger, string method, string? route);
}
