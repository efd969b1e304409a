using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Parley.Server.Kernel;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// The same ids in the same order for the same seed, so that two servers can be compared to the letter.
/// </summary>
internal sealed class SeededChance : IChance
{
    private readonly byte[] _id = new byte[16];
    private long _made;

    public void Restart(string seed)
    {
        SHA256.HashData(Encoding.UTF8.GetBytes(seed)).AsSpan(0, 8).CopyTo(_id);
        Interlocked.Exchange(ref _made, 0);
    }

    public Guid NewId(DateTimeOffset now)
    {
        var bytes = _id.ToArray();
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), Interlocked.Increment(ref _made));
        return new(bytes, bigEndian: true);
    }

    public double NextDouble() => 0.5;
}
