using Parley.Client;
using Parley.Contract;

namespace Parley.Simulation.Checks;

/// <summary>Looks over the shoulder of whoever holds one device, at everything it shows.</summary>
internal sealed class Screen(string name, AccountId me, Truth truth, Action<string, string> violated)
{
    /// <summary>How many of one's own latest messages are looked at again when a receipt moves.</summary>
    private const int OwnCount = 8;

    private readonly Dictionary<ConversationId, ConversationState> _seen = [];
    private readonly Dictionary<MessageId, MessageStatus> _statuses = [];

    /// <summary>A restarted program shows what it had stored, which may be a little less.</summary>
    public void Restarted()
    {
        _seen.Clear();
        _statuses.Clear();
    }

    public void Showed(ParleyClient client, ClientEvent moved)
    {
        switch (moved)
        {
            case ClientEvent.MessageMoved { Message: var message, Before: var before }:
                Check(message, before);
                Look(client, message.ConversationId);
                break;
            case ClientEvent.ReceiptMoved { Receipt: var receipt }:
                Look(client, receipt.ConversationId);
                break;
            case ClientEvent.MembershipMoved { Membership: var membership }:
                Look(client, membership.ConversationId);
                break;
            case ClientEvent.ConversationLeft { ConversationId: var left }:
                _seen.Remove(left);
                _statuses.Clear();
                break;
            case ClientEvent.WasReset:
                violated("SY-6", $"{name} was told to start over, though the server's history goes on");
                break;
            case ClientEvent.TypingMoved { Typing: var typing } when typing.AccountIds.Contains(me):
                violated("E1", $"{name} shows its own person as typing");
                break;
            case ClientEvent.Trouble { Error: var error }:
                violated("trouble", $"{name}: {error}");
                break;
        }
    }

    private void Check(Message message, Message? before)
    {
        var stored = truth.Of(message.ConversationId).Find(message.Id, message.ChangedSeq);
        if (stored is null || stored.Body != message.Body || stored.AuthorId != message.AuthorId)
            violated("D8", $"{name} shows '{message.Body}' as message {message.Number}, which never was");
        if (stored is not null && stored.Number != message.Number)
            violated("D5", $"{name} shows message {stored.Number} as number {message.Number}");
        if (before?.ChangedSeq > message.ChangedSeq || (before?.RemovedAt is not null && message.RemovedAt is null))
            violated("V1", $"{name} shows message {message.Number} as it was before");
    }

    private void Look(ParleyClient client, ConversationId id)
    {
        if (!client.State.Conversations.TryGetValue(id, out var state)
            || ReferenceEquals(_seen.GetValueOrDefault(id), state))
            return;

        var before = _seen.GetValueOrDefault(id);
        _seen[id] = state;
        CheckReceipts(before, state);
        CheckCursor(state);
        foreach (var message in state.Messages.Values.Reverse().Where(m => m.AuthorId == me).Take(OwnCount))
            CheckStatus(message, client.StatusOf(message));
    }

    private void CheckReceipts(ConversationState? before, ConversationState state)
    {
        foreach (var (account, receipt) in state.Receipts)
        {
            if (receipt.ReadNumber > receipt.DeliveredNumber)
                violated("S2", $"{name} shows {account} as having read {receipt.ReadNumber} and not received it");
            if (before?.Receipts.GetValueOrDefault(account) is { } held
                && (held.DeliveredNumber > receipt.DeliveredNumber || held.ReadNumber > receipt.ReadNumber))
                violated("S2", $"{name} shows a receipt of {account} that went back");
        }
    }

    /// <summary>Whatever the cursor says it has, it has; and nothing is shown above a hole.</summary>
    private void CheckCursor(ConversationState state)
    {
        var conversation = truth.Of(state.Id);
        if (state.Seq > conversation.HeadSeq)
            violated("D10", $"{name} is at {state.Seq} of {state.Id}, the server at {conversation.HeadSeq}");

        // Of a stay that is over the device may not know yet: that is for the end to judge.
        if (conversation.StayOf(me) is not { } stay
            || state.Memberships.GetValueOrDefault(me)?.JoinedNumber != stay.JoinedNumber)
            return;

        foreach (var stored in conversation.SeenAt(stay, state.Seq).Where(stored => stored.Number >= state.FromNumber))
        {
            if (state.Messages.GetValueOrDefault(stored.Number) is not { } held || held.ChangedSeq < stored.Seq)
                violated("D10", $"{name} is at {state.Seq} of {state.Id} without change {stored.Seq}");
        }

        var expected = Math.Max(state.FromNumber, stay.VisibleAfter + 1);
        foreach (var number in state.Messages.Keys)
        {
            if (number != expected++)
            {
                violated("D10", $"{name} shows message {number} of {state.Id} without {expected - 1}");
                return;
            }
        }
    }

    private void CheckStatus(Message message, MessageStatus status)
    {
        if (_statuses.TryGetValue(message.Id, out var before) && status < before)
            violated("S1", $"{name} showed message {message.Number} as {before}, and then as {status}");
        _statuses[message.Id] = status;
    }
}
