using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts.Tokens;

/// <summary>
/// Refresh tokens are derived, not stored: device, generation, and an authentication code over both and the device's
/// nonce. So the successor of a token can be answered again without a secret in the database. Rule AU-3.
/// </summary>
internal sealed class RefreshTokens(SigningKeys keys)
{
    public const int NonceBytes = 32;
    private const int CodeBytes = 32;
    private const int NamedBytes = 16 + sizeof(long);

    public static byte[] NewNonce() => RandomNumberGenerator.GetBytes(NonceBytes);

    public string Make(DeviceId device, long generation, byte[] nonce)
    {
        var bytes = new byte[NamedBytes + CodeBytes];
        Name(device, generation, bytes);
        Code(keys.Signing, bytes.AsSpan(0, NamedBytes), nonce).CopyTo(bytes, NamedBytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>What the token claims to be; null when it has not even the shape. Nothing is proven yet.</summary>
    public static RefreshToken? Parse(string token)
    {
        Span<byte> bytes = stackalloc byte[NamedBytes + CodeBytes];
        if (token.Length != Base64Url.GetEncodedLength(bytes.Length)
            || Base64Url.DecodeFromChars(token, bytes, out _, out var written) != OperationStatus.Done
            || written != bytes.Length)
        {
            return null;
        }

        var generation = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
        var device = new DeviceId(new Guid(bytes[..16], bigEndian: true));
        return generation < 1 ? null : new(device, generation, bytes[NamedBytes..].ToArray());
    }

    /// <summary>Whether we made it, with any key we still know.</summary>
    public bool IsGenuine(RefreshToken token, byte[] nonce)
    {
        Span<byte> named = stackalloc byte[NamedBytes];
        Name(token.DeviceId, token.Generation, named);
        foreach (var key in keys.All)
        {
            if (CryptographicOperations.FixedTimeEquals(Code(key, named, nonce), token.Code))
                return true;
        }

        return false;
    }

    private static void Name(DeviceId device, long generation, Span<byte> into)
    {
        device.Value.ToBytes().CopyTo(into);
        BinaryPrimitives.WriteInt64BigEndian(into[16..], generation);
    }

    private static byte[] Code(SigningKey key, ReadOnlySpan<byte> named, byte[] nonce) =>
        key.SignRefresh([.. named, .. nonce]);
}

/// <summary>A refresh token, taken apart.</summary>
internal sealed record RefreshToken(DeviceId DeviceId, long Generation, byte[] Code);
