namespace Parley.Contract;

/// <summary>
/// A fingerprint of every cursor a device should have, so that a lost last push does not stay unnoticed. Server and
/// device compute it alike: the sum, modulo 2^32, of the FNV-1a hashes (32 bits, finished as MurmurHash3 does) of the
/// UTF-8 texts
/// <c>account:{seq}</c> and, per conversation, <c>{conversationId}:{seq}:{receiptSeq}</c>, where receiptSeq counts as 0
/// above <see cref="Limits.ReceiptsToAllMembersMax"/> members.
/// </summary>
/// <remarks>Rule SY-5.</remarks>
public static class HeadsDigest
{
    /// <summary>The part of the account stream.</summary>
    public static uint OfAccount(long seq)
    {
        Span<byte> text = stackalloc byte[32];
        "account:"u8.CopyTo(text);
        seq.TryFormat(text[8..], out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        return Fnv1a(text[..(8 + length)]);
    }

    /// <summary>The part of one conversation.</summary>
    public static uint OfConversation(ConversationId id, long seq, long receiptSeq, int memberCount)
    {
        Span<byte> text = stackalloc byte[80];
        id.Value.TryFormat(text, out var length);
        text[length++] = (byte)':';
        seq.TryFormat(text[length..], out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        length += written;
        text[length++] = (byte)':';
        var counted = memberCount <= Limits.ReceiptsToAllMembersMax ? receiptSeq : 0;
        counted.TryFormat(text[length..], out written, default, System.Globalization.CultureInfo.InvariantCulture);
        return Fnv1a(text[..(length + written)]);
    }

    private static uint Fnv1a(ReadOnlySpan<byte> text)
    {
        var hash = 2166136261u;
        foreach (var octet in text)
            hash = unchecked((hash ^ octet) * 16777619u);

        // Without it the last digits of two terms could cancel in the sum: one a step ahead, the other a step behind.
        hash = unchecked((hash ^ (hash >> 16)) * 0x85EBCA6Bu);
        hash = unchecked((hash ^ (hash >> 13)) * 0xC2B2AE35u);
        return hash ^ (hash >> 16);
    }
}
