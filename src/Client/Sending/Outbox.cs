using Parley.Contract;

namespace Parley.Client.Sending;

/// <summary>
/// Messages on their way out. A message is on disk before anything else happens with it, and stays there until the
/// cache that holds its ack is on disk. First in, first out per conversation, one in flight each, so the server sees
/// them in the order they were said (invariant D6); conversations do not wait for each other. A lost connection uses
/// up no attempt (D12). A failed message steps aside: the ones after it go on, and a retry puts it at the end. Runs
/// in the mailbox.
/// </summary>
internal sealed class Outbox
{
    private static readonly TimeSpan PauseAfterLoss = TimeSpan.FromSeconds(1);

    private readonly Mailbox _mailbox;
    private readonly IOutboxStore _store;
    private readonly Random _chance;
    private readonly Dictionary<MessageId, OutgoingMessage> _messages = [];
    private readonly Dictionary<ConversationId, Lane> _lanes = [];
    private bool _isReachable;
    private long _position;

    public Outbox(Mailbox mailbox, IOutboxStore store, Random chance)
    {
        _mailbox = mailbox;
        _store = store;
        _chance = chance;
        foreach (var item in store.Load().OrderBy(item => item.Position))
            Add(new(item.State == OutboxState.Sending ? item with { State = OutboxState.Queued } : item, mailbox));
    }

    /// <summary>Calls the server; throws refusals and unreachability.</summary>
    public required Func<SendMessageRequest, CancellationToken, Task<MessageSent>> Send { get; init; }

    /// <summary>Takes an ack into the cache.</summary>
    public required Action<OutboxItem> Acked { get; init; }

    public required Action<OutboxItem> Moved { get; init; }

    /// <summary>All that is not yet in the stored cache, in the order said.</summary>
    public IReadOnlyList<OutboxItem> Items => [.. _messages.Values.Select(m => m.Item).OrderBy(item => item.Position)];

    public OutgoingMessage? Find(MessageId id) => _messages.GetValueOrDefault(id);

    /// <summary>Puts a message to disk, then in line. Throws, and has not taken it, when the disk refuses.</summary>
    public OutgoingMessage Enqueue(ConversationId conversation, string body)
    {
        var now = _mailbox.Time.GetUtcNow();
        var item = new OutboxItem(
            new(Ids.New(now, _chance)), conversation, body, now, _position + 1, OutboxState.Queued);
        _store.Put(item);
        var message = new OutgoingMessage(item, _mailbox);
        Add(message);
        Moved(item);
        Pump(_lanes[conversation]);
        return message;
    }

    /// <summary>Sends a failed message again, or an old one after all: after everything said meanwhile.</summary>
    public bool Retry(MessageId id)
    {
        if (Find(id) is not { Item.State: OutboxState.Failed or OutboxState.NeedsConfirmation } message)
            return false;

        var item = message.Item with
        {
            State = OutboxState.Queued,
            Refusal = null,
            QueuedAt = _mailbox.Time.GetUtcNow(),
            Position = _position + 1,
        };
        _store.Put(item);
        _position = item.Position;
        message.Attempts = 0;
        Move(message, item);
        Pump(_lanes[item.ConversationId]);
        return true;
    }

    /// <summary>Gives a message up that is not on its way. One that may be on the server already cannot be.</summary>
    public bool Discard(MessageId id)
    {
        if (Find(id) is not
            {
                Item.State: OutboxState.Queued or OutboxState.Failed or OutboxState.NeedsConfirmation,
                MayBeThere: false,
            } message)
            return false;

        _store.Remove(id);
        _messages.Remove(id);
        Move(message, message.Item with { State = OutboxState.Discarded });
        return true;
    }

    public void Reachable(bool isReachable)
    {
        _isReachable = isReachable;
        if (!isReachable)
            return;

        foreach (var lane in _lanes.Values)
        {
            lane.IsResting = lane.IsRefused;
            Pump(lane);
        }
    }

    /// <summary>
    /// A message of this device turned up in the cache: the server has it, whatever became of its ack.
    /// </summary>
    public void Seen(Message message)
    {
        if (Find(message.Id) is { Item.Sent: null } mine)
            Settle(mine, new(message.Id, message.ConversationId, message.Number, 0, message.SentAt));
    }

    /// <summary>The cache is on disk: what it holds need not be here any more.</summary>
    public void Stored(ClientState state)
    {
        foreach (var message in _messages.Values.Where(message => message.Item.Sent is not null).ToList())
        {
            var item = message.Item;
            if (state.Conversations.TryGetValue(item.ConversationId, out var known) && known.Seq < item.Sent!.Seq)
                continue; // Not null: filtered above.

            _store.Remove(item.Id);
            _messages.Remove(item.Id);
        }
    }

    private void Add(OutgoingMessage message)
    {
        _messages.Add(message.Item.Id, message);
        _lanes.TryAdd(message.Item.ConversationId, new(message.Item.ConversationId));
        _position = Math.Max(_position, message.Item.Position);
    }

    /// <summary>Starts the next message of a conversation, if it is its time.</summary>
    private void Pump(Lane lane)
    {
        while (_isReachable && !lane.IsBusy && !lane.IsResting && NextOf(lane) is { } message)
        {
            if (OutboxRules.IsTooOld(message.Item, _mailbox.Time.GetUtcNow()))
            {
                Keep(message, message.Item with { State = OutboxState.NeedsConfirmation });
                continue;
            }

            lane.IsBusy = true;
            Move(message, message.Item with { State = OutboxState.Sending });
            _mailbox.Start(cancel => SendAsync(lane, message, cancel));
        }
    }

    private OutgoingMessage? NextOf(Lane lane) => _messages.Values
        .Where(message => message.Item.State == OutboxState.Queued && message.Item.ConversationId == lane.Id)
        .MinBy(message => message.Item.Position);

    private async Task SendAsync(Lane lane, OutgoingMessage message, CancellationToken cancel)
    {
        var item = message.Item;
        Action then;
        try
        {
            var sent = await Send(new(item.Id, item.ConversationId, item.Body), cancel).ConfigureAwait(false);
            then = () => Settle(message, sent);
        }
        catch (ParleyRefusalException refusal)
        {
            then = () => Refused(lane, message, refusal.Refusal);
        }
        catch (ParleyUnreachableException)
        {
            then = () =>
            {
                message.MayBeThere = true;
                Rest(lane, message, PauseAfterLoss, isRefused: false);
            };
        }

        _mailbox.Post(() =>
        {
            lane.IsBusy = false;
            if (message.Item.Sent is null)
                then();
            Pump(lane);
        });
    }

    private void Settle(OutgoingMessage message, MessageSent sent)
    {
        var item = message.Item with { State = OutboxState.Sent, Sent = sent, Refusal = null };
        Move(message, item);
        Acked(item);
    }

    private void Refused(Lane lane, OutgoingMessage message, Refusal refusal)
    {
        switch (OutboxRules.Of(refusal, message.Attempts + 1))
        {
            case OutboxRules.Verdict.NotAnAttempt:
                Rest(lane, message, OutboxRules.Backoff(refusal, 1, NextDouble()), isRefused: false);
                break;
            case OutboxRules.Verdict.TryAgain:
                message.Attempts++;
                Rest(lane, message, OutboxRules.Backoff(refusal, message.Attempts, NextDouble()), isRefused: true);
                break;
            default:
                Keep(message, message.Item with { State = OutboxState.Failed, Refusal = refusal });
                break;
        }
    }

    /// <summary>Back in line, at the front; the conversation waits a while.</summary>
    private void Rest(Lane lane, OutgoingMessage message, TimeSpan pause, bool isRefused)
    {
        Move(message, message.Item with { State = OutboxState.Queued });
        lane.IsResting = true;
        lane.IsRefused = isRefused;
        var rest = ++lane.Rests;
        _mailbox.Later(pause, () =>
        {
            if (lane.Rests != rest)
                return;

            lane.IsResting = lane.IsRefused = false;
            Pump(lane);
        });
    }

    /// <summary>
    /// What a person has to decide about is kept over a restart; if the disk refuses, it is asked again then.
    /// </summary>
    private void Keep(OutgoingMessage message, OutboxItem item)
    {
        Move(message, item);
        _store.Put(item);
    }

    private void Move(OutgoingMessage message, OutboxItem item)
    {
        message.Move(item);
        Moved(item);
    }

    private double NextDouble()
    {
        lock (_chance)
            return _chance.NextDouble();
    }

    /// <summary>One conversation's line.</summary>
    private sealed class Lane(ConversationId id)
    {
        public ConversationId Id => id;

        /// <summary>One is in flight.</summary>
        public bool IsBusy { get; set; }

        /// <summary>Waits for the next attempt.</summary>
        public bool IsResting { get; set; }

        /// <summary>… because the server asked for it: a new connection does not shorten that.</summary>
        public bool IsRefused { get; set; }

        public int Rests { get; set; }
    }
}
