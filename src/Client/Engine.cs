using Parley.Contract;

namespace Parley.Client;

/// <summary>
/// Wires the five nouns together and nothing else. Connection reaches the server, Sync keeps the Cache equal to it by
/// Apply, Saver stores the cache, Outbox sends, Reader tells receipts. All state moves in the mailbox.
/// </summary>
internal sealed class Engine : IDoor, IAsyncDisposable
{
    private readonly AccountId _me;
    private readonly PeopleFinder _people;
    private readonly Saver _saver;
    private readonly Reader _reader;
    private readonly Pushes _pushes;
    private ClientState _published;
    private IReadOnlyList<AccountId> _watched = [];

    public Engine(ClientParts parts)
    {
        _me = parts.Me;
        Mailbox = new(parts.Time, parts.RunsInline) { Failed = error => Raise(new ClientEvent.Trouble(error)) };
        Events = new(parts.RunsInline);
        _saver = new(Mailbox, parts.Store) { Stored = Stored };
        Cache = new(_saver.Saved);
        _published = Cache.Shown;
        Sync = new(Mailbox, parts.Me, Cache) { Door = () => this, Moved = Publish, Raised = Raise };
        _reader = new(Mailbox, parts.Me, Cache)
        {
            Send = (advance, cancel) => CallAsync(Verbs.AdvanceReceipts, advance, cancel),
            Answered = Sync.Take,
        };
        Outbox = new(Mailbox, parts.OutboxStore, parts.Chance)
        {
            Send = (request, cancel) => CallAsync(Verbs.Send, request, cancel),
            Acked = Acked,
            Moved = item => Raise(new ClientEvent.OutboxMoved(item)),
        };
        _pushes = new(Sync, Raise);
        Connection = new(Mailbox, parts.Transport, _pushes, parts.Chance) { CatchUp = CatchUpAsync, Moved = Moved };
        _people = new(Mailbox, Cache, this);
        _reader.Stored(_saver.Saved);
    }

    public Mailbox Mailbox { get; }

    public Broadcast Events { get; }

    public Cache Cache { get; }

    public Sync Sync { get; }

    public Outbox Outbox { get; }

    public Connection Connection { get; }

    public Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class => Connection.CallAsync(verb, request, cancel);

    /// <summary>Moves the cache by something the person did on this device.</summary>
    public Task ChangeAsync(Action<Cache> change) => Mailbox.AskAsync(() =>
    {
        change(Cache);
        Publish();
        return true;
    });

    /// <summary>Remembers whom to watch, for the connections to come.</summary>
    public void Watch(IReadOnlyList<AccountId> people) => _watched = people;

    public void Raise(ClientEvent moved) => Events.Raise(moved);

    public async ValueTask DisposeAsync()
    {
        Task saved = Mailbox.AskAsync(() =>
        {
            _saver.SaveNow();
            return true;
        });
        await saved.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Abandon();
        await Connection.CloseAsync().ConfigureAwait(false);
        await Mailbox.WhenIdleAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Mailbox.Dispose();
    }

    /// <summary>Stops where it stands, as a crash would: what is not stored is gone.</summary>
    public void Abandon()
    {
        Mailbox.Close();
        Events.Close();
    }

    private async Task CatchUpAsync(IDoor door, CancellationToken cancel)
    {
        await Sync.RunAsync(door, cancel).ConfigureAwait(false);
        if (_watched is { Count: > 0 } watched && Connection.IsLinked)
        {
            var presences = await door.CallAsync(Verbs.WatchPresence, new(watched), cancel).ConfigureAwait(false);
            Mailbox.Post(() => _pushes.Presence(presences));
        }
    }

    private void Moved(ConnectionState state)
    {
        Raise(new ClientEvent.ConnectionMoved(state));
        Outbox.Reachable(state.IsReachable);
        _reader.Reachable(state.IsReachable);
    }

    private void Acked(OutboxItem item)
    {
        if (item.Sent is not { Seq: > 0 } sent)
            return;

        Sync.Take(new Message(
            sent.Id,
            sent.ConversationId,
            sent.Number,
            _me,
            item.Body,
            sent.SentAt,
            EditedAt: null,
            RemovedAt: null,
            RemovedBy: null,
            ExpiredAt: null,
            Version: 1,
            sent.Seq));
    }

    /// <summary>Tells what moved since last time, and has it saved.</summary>
    private void Publish()
    {
        var before = _published;
        var now = Cache.Shown;
        if (ReferenceEquals(before, now))
            return;

        _published = now;
        foreach (var moved in Differences.Between(before, now))
        {
            Raise(moved);
            _people.Look(moved);
            if (moved is ClientEvent.MessageMoved { Message: var message } && message.AuthorId == _me)
                Outbox.Seen(message);
        }

        // In a turn of its own: a full disk must not keep anything else from happening.
        Mailbox.Post(() => _saver.Save(now));
    }

    private void Stored(ClientState state)
    {
        Outbox.Stored(state);
        _reader.Stored(state);
    }
}
