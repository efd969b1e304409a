using Parley.Contract;
using Parley.Server.Messages;

namespace Parley.Server.Typing;

/// <summary>
/// The leases of everybody who types, and the one timer that wakes when the first of them is due; there is none while
/// nobody types. Every method looks into a dictionary and returns: telling happens apart, in order, in rounds.
/// </summary>
internal sealed class TypingLeases : IMessageSent, IAsyncDisposable
{
    private const int FramesMax = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<ConversationId, Looked> _conversations = [];
    private readonly Dictionary<AccountId, HashSet<ConversationId>> _where = [];
    private readonly PriorityQueue<Looked, long> _due = new();
    private readonly TellTyping _tell;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isTelling;
    private bool _isStopped;

    public TypingLeases(TellTyping tell, TimeProvider time)
    {
        (_tell, _time) = (tell, time);
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends when everything that is due has been told.</summary>
    public Task Settled { get; private set; } = Task.CompletedTask;

    private long Now => _time.GetTimestamp() / (_time.TimestampFrequency / 1_000);

    /// <summary>Prolongs a lease whose right was judged less than a second ago; false if there is none.</summary>
    public bool TryProlong(ConversationId conversation, AccountId account, string? connection)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var looked)
                || !looked.Typists.TryProlong(account, connection, Now))
            {
                return false;
            }

            LookAt(looked);
            return true;
        }
    }

    /// <summary>Begins or prolongs the lease of a person whose right was judged just now.</summary>
    public void Begin(ConversationId conversation, AccountId account, string? connection)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var looked))
                _conversations[conversation] = looked = new(new(conversation));

            if (!_where.TryGetValue(account, out var conversations))
                _where[account] = conversations = [];

            conversations.Add(conversation);
            looked.Typists.Begin(account, connection, Now);
            LookAt(looked);
        }
    }

    /// <summary>The person says so.</summary>
    public void Stopped(ConversationId conversation, AccountId account) => End(conversation, account, null);

    /// <summary>The person's message is stored. Called after its commit: nothing here waits or throws.</summary>
    public void Sent(ConversationId conversation, AccountId account) => End(conversation, account, null);

    /// <summary>A connection of the person closed: what was typed through it is over.</summary>
    public void Disconnected(AccountId account, string connection)
    {
        lock (_gate)
        {
            foreach (var conversation in _where.GetValueOrDefault(account) ?? [])
                End(conversation, account, connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _isStopped = true;

        await _timer.DisposeAsync();
        await Settled;
    }

    private void End(ConversationId conversation, AccountId account, string? connection)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var looked))
                return;

            looked.Typists.End(account, connection, Now);
            LookAt(looked);
        }
    }

    private void Wake()
    {
        lock (_gate)
            Schedule();
    }

    private void LookAt(Looked looked)
    {
        if (looked.Typists.DueAt >= looked.At)
            return;

        looked.At = looked.Typists.DueAt;
        _due.Enqueue(looked, looked.At);
        Schedule();
    }

    private void Schedule()
    {
        if (_isTelling || _isStopped || !_due.TryPeek(out _, out var at))
            return;

        var wait = at - Now;
        if (wait > 0)
        {
            _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
            return;
        }

        // Apart from whoever woke it: that may be the thread that commits. Its troubles are told inside.
        _isTelling = true;
        Settled = Task.Run(TellAsync);
    }

    private async Task TellAsync()
    {
        while (Take() is { Count: > 0 } frames)
            await _tell.RunAsync(frames);
    }

    private List<TypingFrame> Take()
    {
        lock (_gate)
        {
            var now = Now;
            var frames = new List<TypingFrame>();
            while (frames.Count < FramesMax && _due.TryPeek(out var looked, out var at) && at <= now)
            {
                _due.Dequeue();
                if (at != looked.At)
                    continue; // an earlier look has replaced this one

                looked.At = long.MaxValue;
                if (Look(looked.Typists, now) is { } frame)
                    frames.Add(frame);

                if (looked.Typists.IsEmpty)
                    _conversations.Remove(looked.Typists.Id);
                else
                    LookAt(looked);
            }

            if (frames.Count == 0)
            {
                _isTelling = false;
                Schedule();
            }

            return frames;
        }
    }

    private TypingFrame? Look(ConversationTypists typists, long now)
    {
        foreach (var account in typists.TakeGone(now))
        {
            var conversations = _where[account];
            conversations.Remove(typists.Id);
            if (conversations.Count == 0)
                _where.Remove(account);
        }

        return typists.Tell(now);
    }

    /// <summary>A conversation and when it is looked at next; its other entries in the queue are void.</summary>
    private sealed class Looked(ConversationTypists typists)
    {
        public ConversationTypists Typists => typists;

        public long At { get; set; } = long.MaxValue;
    }
}
