using Parley.Contract;

namespace Parley.Server.Presence;

/// <summary>Who looks at whom, by connection (rule PR-3). A watch ends with its connection, and no later.</summary>
internal sealed class PresenceWatches(PresenceLeases leases)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watch> _byConnection = [];
    private readonly Dictionary<AccountId, HashSet<Watch>> _byTarget = [];

    /// <summary>Replaces what a connection looks at; null when the connection is not open any more.</summary>
    public Watch? Set(AccountId viewer, string connection, IReadOnlyList<AccountId> targets)
    {
        lock (_gate)
        {
            Remove(connection);
            // The lease ends before the watch is dropped, so one that is still open here will be dropped later.
            if (!leases.IsConnected(viewer, connection))
                return null;

            var watch = new Watch(viewer, targets);
            _byConnection[connection] = watch;
            foreach (var target in targets)
            {
                if (!_byTarget.TryGetValue(target, out var watches))
                    _byTarget[target] = watches = [];

                watches.Add(watch);
            }

            return watch;
        }
    }

    public void Drop(string connection)
    {
        lock (_gate)
            Remove(connection);
    }

    /// <summary>Remembers by which conversation a viewer may see somebody.</summary>
    public void Allow(Watch watch, AccountId target, ConversationId? shared)
    {
        lock (_gate)
        {
            if (watch.Shared.ContainsKey(target))
                watch.Shared[target] = shared;
        }
    }

    /// <summary>The viewer may not see this person, or not any more.</summary>
    public void Forget(Watch watch, AccountId target)
    {
        lock (_gate)
        {
            if (watch.Shared.Remove(target))
                Unlink(watch, target);
        }
    }

    /// <summary>Everybody who looks at these people.</summary>
    public IReadOnlyList<Look> At(IEnumerable<AccountId> targets)
    {
        lock (_gate)
        {
            return
            [
                .. from target in targets
                   from watch in _byTarget.GetValueOrDefault(target) ?? []
                   select new Look(watch, target, watch.Shared[target]),
            ];
        }
    }

    private void Remove(string connection)
    {
        if (!_byConnection.Remove(connection, out var watch))
            return;

        foreach (var target in watch.Shared.Keys)
            Unlink(watch, target);

        watch.Shared.Clear();
    }

    private void Unlink(Watch watch, AccountId target)
    {
        var watches = _byTarget[target];
        watches.Remove(watch);
        if (watches.Count == 0)
            _byTarget.Remove(target);
    }

    /// <summary>What one connection looks at, each with the conversation that allows it, once that is known.</summary>
    internal sealed class Watch(AccountId viewer, IEnumerable<AccountId> targets)
    {
        public AccountId Viewer => viewer;

        public Dictionary<AccountId, ConversationId?> Shared { get; } =
            targets.ToDictionary(target => target, _ => (ConversationId?)null);
    }
}

/// <summary>One person looking at another, and the conversation that allowed it when that was last judged.</summary>
internal sealed record Look(PresenceWatches.Watch Watch, AccountId Target, ConversationId? Shared)
{
    public AccountId Viewer => Watch.Viewer;
}
