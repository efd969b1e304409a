using System.Buffers.Text;

namespace Parley.Load.Talk;

/// <summary>
/// A message id that says who sent it as which of theirs: a UUIDv7 (48 bits of time first, as clients make them), a
/// mark, then sender and count. So a recipient is counted without a look-up, wherever in a frame the id stands.
/// </summary>
internal static class MessageStamp
{
    public const int Length = 36;

    private const int MarkAt = 13;
    private const int SenderAt = 24;
    private const int CountAt = 28;

    private static ReadOnlySpan<byte> Mark => "-7bec-8000-"u8;

    /// <summary>Writes the id as text.</summary>
    public static void Write(Span<byte> text, long unixMs, int sender, uint count)
    {
        Hex(text[..8], (uint)(unixMs >> 16), "x8");
        text[8] = (byte)'-';
        Hex(text[9..13], (uint)(unixMs & 0xffff), "x4");
        Mark.CopyTo(text[MarkAt..]);
        Hex(text[SenderAt..CountAt], (uint)sender, "x4");
        Hex(text[CountAt..Length], count, "x8");
    }

    /// <summary>Finds the next id from <paramref name="position"/> on, and moves behind it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> record, ref int position, out int sender, out uint count)
    {
        sender = 0;
        count = 0;
        var mark = record[position..].IndexOf(Mark);
        if (mark < 0 || position + mark + Length - MarkAt > record.Length)
            return false;

        var id = position + mark - MarkAt;
        position = id + Length;
        return Utf8Parser.TryParse(record.Slice(id + SenderAt, 4), out sender, out _, 'x')
            && Utf8Parser.TryParse(record.Slice(id + CountAt, 8), out count, out _, 'x');
    }

    private static void Hex(Span<byte> text, uint value, string format) =>
        _ = value.TryFormat(text, out _, format, System.Globalization.CultureInfo.InvariantCulture);
}
