namespace Parley.Server.Storage;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Storage is {Kind} {Version}, schema {Schema}, {Durability}")]
    public static partial void Started(ILogger logger, string kind, string version, int schema, string durability);

    [LoggerMessage(LogLevel.Warning, "Storage may lose acknowledged messages in a power cut: {Durability}")]
    public static partial void WeakDurability(ILogger logger, string durability);

    [LoggerMessage(LogLevel.Warning, "Checkpoint {Mode} of the write-ahead log failed; the next one tries again")]
    public static partial void CheckpointFailed(ILogger logger, string mode, Exception error);

    [LoggerMessage(LogLevel.Warning, "A write is repeated after {SqlState}, attempt {Attempt}")]
    public static partial void WriteRepeated(ILogger logger, string sqlState, int attempt);
}
