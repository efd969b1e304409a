using System.Numerics;

namespace Parley.Load.Talk;

/// <summary>Which of one sender's messages one recipient got: a bit each.</summary>
internal sealed class Seen
{
    private ulong[] _bits = new ulong[64];

    /// <summary>False when it was there before.</summary>
    public bool Add(uint count)
    {
        var word = (int)(count >> 6);
        if (word >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));

        var bit = 1UL << (int)(count & 63);
        var isNew = (_bits[word] & bit) == 0;
        _bits[word] |= bit;
        return isNew;
    }

    public long Count
    {
        get
        {
            var total = 0L;
            foreach (var word in _bits)
                total += BitOperations.PopCount(word);

            return total;
        }
    }
}
