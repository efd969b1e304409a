using System.Collections.Concurrent;

namespace Parley.Server.Kernel;

/// <summary>
/// A token bucket for each key. Own, because the framework's buckets refill by a clock of their own, which no
/// simulation can move. Allocates only for a key it has not seen lately; full buckets are forgotten, they are as good
/// as new.
/// </summary>
internal sealed class TokenBuckets<TKey>(int burst, double perSecond, TimeProvider time)
    where TKey : notnull
{
    private const int SweepEverySeconds = 60;
    private const int CountMax = 200_000;

    private readonly ConcurrentDictionary<TKey, Bucket> _buckets = new();
    private long _sweptAt = time.GetTimestamp();
    private int _added;

    /// <summary>
    /// Takes tokens, or says in how many seconds there will be enough. More than a burst is never refused for ever.
    /// </summary>
    public double TryTake(TKey key, int cost)
    {
        var now = time.GetTimestamp();
        SweepNowAndThen(now);
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            Interlocked.Increment(ref _added);
            bucket = _buckets.GetOrAdd(key, new Bucket(burst, now));
        }

        var wanted = Math.Min(cost, burst);
        lock (bucket)
        {
            bucket.Tokens = TokensOf(bucket, now);
            bucket.FilledAt = now;
            if (bucket.Tokens < wanted)
                return (wanted - bucket.Tokens) / perSecond;

            bucket.Tokens -= wanted;
            return 0;
        }
    }

    private double TokensOf(Bucket bucket, long now) =>
        Math.Min(burst, bucket.Tokens + time.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * perSecond);

    private void SweepNowAndThen(long now)
    {
        var sweptAt = Volatile.Read(ref _sweptAt);
        if (time.GetElapsedTime(sweptAt, now).TotalSeconds < SweepEverySeconds && Volatile.Read(ref _added) < CountMax)
            return;
        if (Interlocked.CompareExchange(ref _sweptAt, now, sweptAt) != sweptAt)
            return;

        foreach (var (key, bucket) in _buckets)
        {
            lock (bucket)
            {
                if (TokensOf(bucket, now) >= burst)
                    _buckets.TryRemove(key, out _);
            }
        }

        // So many keys with empty buckets are an attack by addresses; memory is worth more than its limits.
        if (_buckets.Count >= CountMax)
            _buckets.Clear();
        Volatile.Write(ref _added, _buckets.Count);
    }

    private sealed class Bucket(double tokens, long filledAt)
    {
        public double Tokens { get; set; } = tokens;

        public long FilledAt { get; set; } = filledAt;
    }
}
