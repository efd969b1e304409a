namespace Parley.Load.Sockets;

/// <summary>The little of SignalR's JSON protocol that is told apart without reading JSON.</summary>
internal static class SignalR
{
    public const int Invocation = 1;
    public const int Completion = 3;
    public const int Ping = 6;

    /// <summary>The type of a record; 0 when it has none.</summary>
    public static int TypeOf(ReadOnlySpan<byte> record)
    {
        var mark = "\"type\":"u8;
        // It comes first in every server known; look further only if not.
        var at = record.Length > 8 && record[1..8].SequenceEqual(mark) ? 1 : record.IndexOf(mark);
        return at < 0 || at + 7 >= record.Length ? 0 : record[at + 7] - '0';
    }
}
