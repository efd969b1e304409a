using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Server.Accounts.Tokens;

/// <summary>
/// JSON Web Tokens (RFC 7519) of one kind: ours, HS256. A header is not parsed but compared with the ones we write, so
/// no algorithm, key or address in it can be believed; nothing of the payload is read before the signature holds.
/// </summary>
internal static class Jwt
{
    public const int LengthMax = 4096;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Sign(SigningKey key, string type, ReadOnlySpan<byte> payload)
    {
        var signed = $"{key.Header(type)}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Signature(key, signed)}";
    }

    /// <summary>The payload of a token of that type signed with one of the keys; null for anything else.</summary>
    public static byte[]? Open(string token, string type, IReadOnlyList<SigningKey> keys)
    {
        if (token.Length > LengthMax)
            return null;

        var firstDot = token.IndexOf('.', StringComparison.Ordinal);
        var lastDot = token.LastIndexOf('.');
        if (firstDot <= 0 || firstDot == lastDot)
            return null;

        var payload = token.AsSpan(firstDot + 1, lastDot - firstDot - 1);
        if (KeyOf(token.AsSpan(0, firstDot), type, keys) is not { } key || payload.ContainsAnyExcept(Alphabet))
            return null;

        return SameSignature(Signature(key, token.AsSpan(0, lastDot)), token.AsSpan(lastDot + 1))
            ? Decode(payload)
            : null;
    }

    private static SigningKey? KeyOf(ReadOnlySpan<char> header, string type, IReadOnlyList<SigningKey> keys)
    {
        foreach (var key in keys)
        {
            if (header.SequenceEqual(key.Header(type)))
                return key;
        }

        return null;
    }

    private static string Signature(SigningKey key, ReadOnlySpan<char> signed)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        return Encoding.UTF8.TryGetBytes(signed, bytes, out var written)
            ? Base64Url.EncodeToString(key.SignJwt(bytes[..written]))
            : "";
    }

    /// <summary>Compares text with text: a signature that is written in another way is another signature.</summary>
    private static bool SameSignature(string expected, ReadOnlySpan<char> found)
    {
        Span<byte> bytes = stackalloc byte[64];
        return expected.Length > 0
            && found.Length == expected.Length
            && Encoding.UTF8.TryGetBytes(found, bytes, out var written)
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), bytes[..written]);
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
            ? bytes[..written]
            : null;
    }
}
