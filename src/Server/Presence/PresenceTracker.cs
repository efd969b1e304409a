using Parley.Contract;

namespace Parley.Server.Presence;

/// <summary>
/// What the hub tells of its connections. Each call looks into memory and returns; twice a second, while there is
/// something to do, a round saves who was last seen when and tells those who look. Rounds follow each other, and each
/// reads afresh, so the last frame about a person is the true one.
/// </summary>
internal sealed class PresenceTracker : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly PresenceLeases _leases;
    private readonly PresenceWatches _watches;
    private readonly TellPresence _tell;
    private readonly SaveLastSeen _save;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<AccountId, DateTimeOffset> _unsaved = [];
    private Dictionary<AccountId, bool> _moved = [];
    private Dictionary<AccountId, bool> _telling = [];
    private bool _isAwake;
    private bool _isStopped;

    public PresenceTracker(
        PresenceLeases leases, PresenceWatches watches, TellPresence tell, SaveLastSeen save, TimeProvider time)
    {
        (_leases, _watches, _tell, _save, _time) = (leases, watches, tell, save, time);
        _timer = time.CreateTimer(
            _ => Settled = RoundAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends with the round that runs.</summary>
    public Task Settled { get; private set; } = Task.CompletedTask;

    public void Connected(AccountId account, string connectionId)
    {
        if (_leases.Connected(account, connectionId))
            Moved(account);
    }

    /// <summary>A frame came.</summary>
    public void Touched(AccountId account, string connectionId) => _leases.Touched(account, connectionId);

    /// <param name="account">Whose connection it was.</param>
    /// <param name="connectionId">Which one.</param>
    /// <param name="silentFor">How long nothing had come from it when it closed, if it closed because of that.</param>
    public void Disconnected(AccountId account, string connectionId, TimeSpan silentFor = default)
    {
        _leases.Disconnected(account, connectionId, silentFor);
        _watches.Drop(connectionId);
        WakeIfNeeded();
    }

    /// <summary>A session ended: its connection counts no more; without another one the person is gone.</summary>
    public void Ended(AccountId account, string connectionId)
    {
        var seenAt = _leases.Ended(account, connectionId);
        _watches.Drop(connectionId);
        Left(account, seenAt);
    }

    /// <summary>All sessions of the account ended: the person is offline at once.</summary>
    public void Ended(AccountId account)
    {
        var (seenAt, connections) = _leases.Ended(account);
        foreach (var connection in connections)
            _watches.Drop(connection);

        Left(account, seenAt);
    }

    /// <summary>Open connections of a person; 0 during the grace after the last one.</summary>
    public int ConnectionsOf(AccountId account) => _leases.ConnectionsOf(account);

    public Sight SightOf(AccountId account)
    {
        lock (_gate)
        {
            return _leases.SeenAt(account) is { } seenAt
                ? new(true, seenAt)
                : new(false, _unsaved.TryGetValue(account, out var unsaved) ? unsaved : null);
        }
    }

    /// <summary>A person chose how to appear. Called after the commit.</summary>
    public void Chosen(AccountId account, AccountSettings before, AccountSettings after)
    {
        lock (_gate)
        {
            // Who is just being told of may have been read as they were before.
            if (PresenceRules.IsSeen(before, after, SightOf(account).IsPresent)
                || _moved.ContainsKey(account)
                || _telling.ContainsKey(account))
            {
                _moved[account] = true;
            }
        }

        WakeIfNeeded();
    }

    /// <summary>When the server stops, everybody here was last seen now.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _isStopped = true;

        await _timer.DisposeAsync();
        await Settled;
        Dictionary<AccountId, DateTimeOffset> unsaved;
        lock (_gate)
            unsaved = new(_unsaved);

        foreach (var (account, seenAt) in _leases.Everybody())
            unsaved[account] = seenAt;

        if (unsaved.Count > 0)
            await _save.RunAsync(unsaved);
    }

    private void Moved(AccountId account)
    {
        lock (_gate)
            _moved.TryAdd(account, false);

        WakeIfNeeded();
    }

    private void Left(AccountId account, DateTimeOffset? seenAt)
    {
        if (seenAt is not { } at)
            return;

        lock (_gate)
            _unsaved[account] = at;

        Moved(account);
    }

    private void WakeIfNeeded()
    {
        lock (_gate)
        {
            if (_isAwake || _isStopped || (_moved.Count == 0 && _unsaved.Count == 0 && !_leases.HasLingering))
                return;

            _isAwake = true;
            _timer.Change(Pace, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task RoundAsync()
    {
        Dictionary<AccountId, DateTimeOffset> unsaved;
        lock (_gate)
        {
            foreach (var (account, seenAt) in _leases.TakeGone())
            {
                _unsaved[account] = seenAt;
                _moved.TryAdd(account, false);
            }

            (_telling, _moved) = (_moved, []);
            unsaved = new(_unsaved);
        }

        // Saved before it is told: what was said once must not be taken back by a restart.
        var isSaved = unsaved.Count == 0 || await _save.RunAsync(unsaved);
        var isTold = _telling.Count == 0 || await _tell.RunAsync(_telling, SightOf, _time.GetUtcNow());
        lock (_gate)
        {
            foreach (var (account, seenAt) in unsaved)
            {
                if (isSaved && _unsaved[account] == seenAt)
                    _unsaved.Remove(account);
            }

            foreach (var (account, isChosen) in _telling)
            {
                if (!isTold)
                    _moved[account] = isChosen || _moved.GetValueOrDefault(account);
            }

            _telling = [];
            _isAwake = false;
        }

        WakeIfNeeded();
    }
}
