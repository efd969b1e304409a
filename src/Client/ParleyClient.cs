using Parley.Contract;

namespace Parley.Client;

/// <summary>
/// A Parley client: keeps a connection, a cache and an outbox for one account. Everything can be read and written at
/// any time, connected or not; what is written waits on disk until the server has it. Thread-safe.
/// </summary>
/// <remarks>Methods that ask the server throw <see cref="ParleyRefusalException"/> when it says no, and
/// <see cref="ParleyUnreachableException"/> when it cannot be reached.</remarks>
public sealed partial class ParleyClient : IAsyncDisposable
{
    private readonly Engine _engine;
    private readonly ClientParts _parts;
    private readonly TypingPace _typing;
    private readonly ServerAccount? _account;

    private ParleyClient(ClientParts parts, ServerAccount? account)
    {
        _parts = parts;
        _account = account;
        _engine = new(parts);
        _typing = new(parts.Time);
    }

    /// <summary>Whose client this is.</summary>
    public AccountId Me => _parts.Me;

    /// <summary>Everything cached, as it may be shown now.</summary>
    public ClientState State => _engine.Cache.Shown;

    /// <summary>How the client is connected now.</summary>
    public ConnectionState Connection => _engine.Connection.State;

    /// <summary>A client over parts of one's own. Call <see cref="Start"/>.</summary>
    public static ParleyClient Over(ClientParts parts) => new(parts, null);

    /// <summary>Starts connecting, for ever. Does nothing when started.</summary>
    public void Start() => _engine.Connection.Start();

    /// <summary>Ends the present wait for the next attempt to connect.</summary>
    public void RetryNow() => _engine.Connection.RetryNow();

    /// <summary>Everything that happens from now on, in order. Each listener gets its own sequence.</summary>
    public IAsyncEnumerable<ClientEvent> EventsAsync(CancellationToken cancel) => _engine.Events.ListenAsync(cancel);

    /// <summary>
    /// Takes a message: when this returns it is on this device's disk, and will be sent once, in order, whatever
    /// happens. Follow it by the answer's <see cref="OutgoingMessage.StatesAsync"/> or <see
    /// cref="OutgoingMessage.Acked"/>.
    /// </summary>
    /// <exception cref="IOException">The disk refused; nothing was taken.</exception>
    public Task<OutgoingMessage> SendAsync(ConversationId conversation, string body, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(body);
        cancel.ThrowIfCancellationRequested();
        return _engine.Mailbox.AskAsync(() => _engine.Outbox.Enqueue(conversation, body));
    }

    /// <summary>
    /// What is on its way out of a conversation, in the order said, without what the cache shows already.
    /// </summary>
    public async Task<IReadOnlyList<OutboxItem>> OutboxAsync(
        ConversationId conversation, CancellationToken cancel = default)
    {
        var items = await _engine.Mailbox.AskAsync(() => _engine.Outbox.Items).WaitAsync(cancel).ConfigureAwait(false);
        var shown = State.Conversations.GetValueOrDefault(conversation)?.Messages.Values
            .Select(message => message.Id).ToHashSet() ?? [];
        return [.. items.Where(item => item.ConversationId == conversation && !shown.Contains(item.Id))];
    }

    /// <summary>A message still in the outbox; null when it is not there (any more).</summary>
    public Task<OutgoingMessage?> FindAsync(MessageId id, CancellationToken cancel = default) =>
        _engine.Mailbox.AskAsync(() => _engine.Outbox.Find(id)).WaitAsync(cancel);

    /// <summary>Sends a failed message again, after everything said meanwhile. False when there is none.</summary>
    public Task<bool> RetryAsync(MessageId id, CancellationToken cancel = default) =>
        _engine.Mailbox.AskAsync(() => _engine.Outbox.Retry(id)).WaitAsync(cancel);

    /// <summary>Confirms that a message older than 7 days is still to be sent. False when there is none.</summary>
    public Task<bool> ConfirmAsync(MessageId id, CancellationToken cancel = default) => RetryAsync(id, cancel);

    /// <summary>Gives a message up. False when it is on its way, or may have arrived.</summary>
    public Task<bool> DiscardAsync(MessageId id, CancellationToken cancel = default) =>
        _engine.Mailbox.AskAsync(() => _engine.Outbox.Discard(id)).WaitAsync(cancel);

    /// <summary>
    /// How far a cached message got. Rule RC-5; above 64 members a lower bound, see <see cref="ReceiptsOfAsync"/>.
    /// </summary>
    public MessageStatus StatusOf(Message message) =>
        !State.Conversations.TryGetValue(message.ConversationId, out var state) ? MessageStatus.Sent
        : message.AuthorId == Me ? Statuses.OfOwn(message, state, State.Settings)
        : Statuses.Of(message, state, State.Settings);

    /// <summary>Messages of others above the person's read mark, of those cached.</summary>
    public int UnreadOf(ConversationId conversation) =>
        State.Conversations.TryGetValue(conversation, out var state) ? Statuses.Unread(state, Me) : 0;

    /// <summary>
    /// Says that the person has seen everything up to a number. Kept on disk at once and told to the server when
    /// possible; "delivered" is told by the client itself.
    /// </summary>
    public Task MarkReadAsync(ConversationId conversation, long number, CancellationToken cancel = default) =>
        _engine.ChangeAsync(cache =>
        {
            if (cache.Known.Conversations.TryGetValue(conversation, out var known) && known.ReadWanted < number)
                cache.Put(known with { ReadWanted = Math.Min(number, known.HeadNumber) });
        }).WaitAsync(cancel);

    /// <summary>
    /// Says that the person types, or stopped. Call it at every key: it paces itself. Lost when not linked.
    /// </summary>
    public async Task TypingAsync(ConversationId conversation, bool isTyping, CancellationToken cancel = default)
    {
        if (!_typing.IsDue(conversation, isTyping))
            return;

        try
        {
            await _engine.Connection.CallIfLinkedAsync(Verbs.Typing, new(conversation, isTyping), cancel)
                .ConfigureAwait(false);
        }
        catch (Exception error) when (error is ParleyUnreachableException or ParleyRefusalException)
        {
            // Nobody misses it. Rule TY-2 ends what was begun.
        }
    }

    /// <summary>
    /// Looks at up to 200 people's presence from now on, also after reconnecting; replaces the former list. Answers
    /// how they appear now; empty while not linked. Rule PR-3.
    /// </summary>
    public async Task<Presences> WatchPresenceAsync(IReadOnlyList<AccountId> people, CancellationToken cancel = default)
    {
        _engine.Watch(people);
        var presences = await _engine.Connection.CallIfLinkedAsync(Verbs.WatchPresence, new(people), cancel)
            .ConfigureAwait(false);
        return presences ?? new([]);
    }

    /// <summary>Stops. What is on disk goes on with the next client over it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync().ConfigureAwait(false);
        _account?.Dispose();
    }

    /// <summary>Stops as a crash would, for simulations: nothing more is stored, sent or told.</summary>
    internal void Abandon() => _engine.Abandon();
}
