using Parley.Contract;

namespace Parley.Server.Presence;

/// <summary>
/// Who is connected, by person and connection, and who was until a moment ago. An open connection holds its lease: the
/// transport closes it when nothing came for 30 s. Nothing is counted up and down, so no count can go wrong
/// (rule PR-2).
/// </summary>
internal sealed class PresenceLeases(TimeProvider time)
{
    /// <summary>A person is here for this long after the last frame of the last connection (rule PR-1).</summary>
    public const int GraceMs = 30_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<AccountId, Lease> _people = [];
    private readonly HashSet<AccountId> _lingering = [];

    /// <summary>Whether anybody is here without a connection.</summary>
    public bool HasLingering
    {
        get
        {
            lock (_gate)
                return _lingering.Count > 0;
        }
    }

    private long Now => time.GetTimestamp() / (time.TimestampFrequency / 1_000);

    /// <summary>True when the person was not here before.</summary>
    public bool Connected(AccountId account, string connection)
    {
        lock (_gate)
        {
            var isNew = !_people.TryGetValue(account, out var lease);
            if (lease is null)
                _people[account] = lease = new();

            lease.FrameAt[connection] = Now;
            _lingering.Remove(account);
            return isNew;
        }
    }

    public void Touched(AccountId account, string connection)
    {
        lock (_gate)
        {
            if (_people.TryGetValue(account, out var lease) && lease.FrameAt.ContainsKey(connection))
                lease.FrameAt[connection] = Now;
        }
    }

    /// <summary>The person stays until the grace is over. An unknown connection is ignored: it ended before.</summary>
    public void Disconnected(AccountId account, string connection, TimeSpan silentFor)
    {
        lock (_gate)
        {
            if (!_people.TryGetValue(account, out var lease) || !lease.FrameAt.Remove(connection, out var frameAt))
                return;

            var silentSince = Math.Max(frameAt, Now - (long)silentFor.TotalMilliseconds);
            if (silentSince > lease.SilentSince)
                (lease.SilentSince, lease.SeenAt) = (silentSince, WallTime(silentSince));

            if (lease.FrameAt.Count == 0)
                _lingering.Add(account);
        }
    }

    /// <summary>Ends one lease without grace. When the person was last seen, if it was the last; else null.</summary>
    public DateTimeOffset? Ended(AccountId account, string connection)
    {
        lock (_gate)
        {
            if (!_people.TryGetValue(account, out var lease) || !lease.FrameAt.Remove(connection))
                return null;

            return lease.FrameAt.Count == 0 ? Leave(account, WallTime(Now)) : null;
        }
    }

    /// <summary>Ends all leases without grace. When the person was last seen, if here; and what was open.</summary>
    public (DateTimeOffset? SeenAt, IReadOnlyList<string> Connections) Ended(AccountId account)
    {
        lock (_gate)
        {
            if (!_people.TryGetValue(account, out var lease))
                return (null, []);

            return (Leave(account, SeenAt(lease)), [.. lease.FrameAt.Keys]);
        }
    }

    /// <summary>Takes those whose grace is over, and when each was last seen.</summary>
    public IReadOnlyDictionary<AccountId, DateTimeOffset> TakeGone()
    {
        var gone = new Dictionary<AccountId, DateTimeOffset>();
        lock (_gate)
        {
            foreach (var account in _lingering)
            {
                var lease = _people[account];
                if (Now - lease.SilentSince >= GraceMs)
                    gone[account] = Leave(account, lease.SeenAt);
            }
        }

        return gone;
    }

    /// <summary>Everybody who is here, and when each was last seen.</summary>
    public IReadOnlyDictionary<AccountId, DateTimeOffset> Everybody()
    {
        lock (_gate)
            return _people.ToDictionary(person => person.Key, person => SeenAt(person.Value));
    }

    /// <summary>When the person was last seen; null when not here.</summary>
    public DateTimeOffset? SeenAt(AccountId account)
    {
        lock (_gate)
            return _people.TryGetValue(account, out var lease) ? SeenAt(lease) : null;
    }

    public int ConnectionsOf(AccountId account)
    {
        lock (_gate)
            return _people.TryGetValue(account, out var lease) ? lease.FrameAt.Count : 0;
    }

    public bool IsConnected(AccountId account, string connection)
    {
        lock (_gate)
            return _people.TryGetValue(account, out var lease) && lease.FrameAt.ContainsKey(connection);
    }

    private DateTimeOffset Leave(AccountId account, DateTimeOffset seenAt)
    {
        _people.Remove(account);
        _lingering.Remove(account);
        return seenAt;
    }

    private DateTimeOffset SeenAt(Lease lease) => lease.FrameAt.Count > 0 ? WallTime(Now) : lease.SeenAt;

    /// <summary>In whole milliseconds, as the database keeps it.</summary>
    private DateTimeOffset WallTime(long instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds() - (Now - instant));

    private sealed class Lease
    {
        /// <summary>The last frame of each open connection, in milliseconds of the monotonic clock.</summary>
        public Dictionary<string, long> FrameAt { get; } = [];

        /// <summary>The last frame of all closed ones.</summary>
        public long SilentSince { get; set; } = long.MinValue;

        /// <summary>The same in server time.</summary>
        public DateTimeOffset SeenAt { get; set; }
    }
}
