using System.Buffers.Binary;

namespace Parley.Client;

/// <summary>
/// UUIDv7 from an injected clock and injected chance, so that a simulation makes the same ones again.
/// </summary>
internal static class Ids
{
    public static Guid New(DateTimeOffset now, Random chance)
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (chance)
            chance.NextBytes(bytes);

        var milliseconds = now.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(milliseconds >> 16));
        BinaryPrimitives.WriteInt16BigEndian(bytes[4..], (short)milliseconds);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new(bytes, bigEndian: true);
    }
}
