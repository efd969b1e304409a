using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Parley.Load.Sockets;

/// <summary>WebSocket frames (RFC 6455, section 5), as a client writes and reads them.</summary>
internal static class Frames
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    /// <summary>Bytes a client puts before a payload of this length.</summary>
    public static int HeaderLength(int payload) => payload < 126 ? 6 : payload <= ushort.MaxValue ? 8 : 14;

    /// <summary>Writes the header into the front of <paramref name="frame"/> and masks the payload behind it.</summary>
    public static void Seal(Span<byte> frame, int opcode, uint key)
    {
        var header = frame.Length - 6 < 126 ? 6 : frame.Length - 8 <= ushort.MaxValue ? 8 : 14;
        var length = frame.Length - header;
        frame[0] = (byte)(0x80 | opcode);
        switch (header)
        {
            case 6:
                frame[1] = (byte)(0x80 | length);
                break;
            case 8:
                frame[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)length);
                break;
            default:
                frame[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame[2..], (ulong)length);
                break;
        }

        MemoryMarshal.Write(frame[(header - 4)..], in key);
        Mask(frame[header..], key);
    }

    /// <summary>Reads the frame at the front; false when it is not complete yet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int opcode, out bool isLast, out Range payload)
    {
        opcode = 0;
        isLast = false;
        payload = default;
        if (bytes.Length < 2)
            return false;

        opcode = bytes[0] & 15;
        isLast = (bytes[0] & 0x80) != 0;
        var header = 2;
        long length = bytes[1] & 127;
        if (length == 126)
        {
            if (bytes.Length < 4)
                return false;

            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            header = 4;
        }
        else if (length == 127)
        {
            if (bytes.Length < 10)
                return false;

            length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
            header = 10;
        }

        payload = header..(int)(header + length);
        return bytes.Length >= header + length;
    }

    private static void Mask(Span<byte> payload, uint key)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        var wide = ((ulong)key << 32) | key;
        for (var i = 0; i < words.Length; i++)
            words[i] ^= wide;

        for (var i = words.Length * 8; i < payload.Length; i++)
            payload[i] ^= (byte)(key >> (8 * (i & 3)));
    }
}
