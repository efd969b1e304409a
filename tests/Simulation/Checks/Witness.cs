using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Kernel;
using Parley.Simulation.Clocks;

namespace Parley.Simulation.Checks;

/// <summary>Reads everything that leaves the server, and compares it with what is on disk at that instant.</summary>
internal sealed class Witness(Truth truth, VirtualTime time, Action<string, string> violated)
{
    /// <summary>A lease of 4 s, and a second for the frame that ends it.</summary>
    private static readonly TimeSpan TypingMax = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(ConversationId, AccountId), TimeSpan> _signs = [];
    private readonly Dictionary<(ConversationId, AccountId), (Stay Stay, IReadOnlyList<AccountId> Typists)> _shown = [];

    /// <summary>Who is shown as typing to whom, by the last frame the receiver got during the present stay.</summary>
    public IEnumerable<(AccountId Receiver, AccountId Typist)> Typists =>
        from shown in _shown
        where truth.Of(shown.Key.Item1).StayOf(shown.Key.Item2) == shown.Value.Stay
        from typist in shown.Value.Typists
        select (shown.Key.Item2, typist);

    /// <summary>A server that died says nothing more: devices forget its typists by themselves.</summary>
    public void ServerDied() => _shown.Clear();

    public void Called(Caller caller, object request)
    {
        if (request is TypingRequest { IsTyping: true } typing)
            _signs[(typing.ConversationId, caller.AccountId)] = time.Now;
    }

    public void Published(Push push)
    {
        switch (push.Payload)
        {
            case Changes changes:
                if (changes.Seq > truth.Of(changes.ConversationId).HeadSeq)
                    violated("D9", $"change {changes.Seq} of {changes.ConversationId} was pushed before its commit");
                foreach (var recipient in push.Recipients)
                    Sent(recipient, changes);
                break;
            case ReceiptsMoved receipts:
                foreach (var recipient in push.Recipients)
                    Sent(recipient, receipts);
                break;
            case Typing typing:
                foreach (var recipient in push.Recipients)
                    Typed(recipient, typing);
                break;
        }
    }

    public void Answered<TReply>(Caller caller, object request, Reply<TReply> reply) where TReply : class
    {
        switch (reply.Value)
        {
            case MessageSent sent:
                Acknowledged(sent, (SendMessageRequest)request);
                break;
            case Message message:
                Sent(caller.AccountId, message);
                break;
            case Changes changes:
                Sent(caller.AccountId, changes);
                break;
            case HistoryPage page:
                Sent(caller.AccountId, page.Items);
                break;
            case ConversationSnapshot snapshot:
                Sent(caller.AccountId, snapshot.Messages);
                break;
            case SyncReply sync:
                foreach (var changes in sync.Conversations)
                    Sent(caller.AccountId, changes);
                foreach (var receipts in sync.Receipts)
                    Sent(caller.AccountId, receipts);
                foreach (var snapshot in sync.Account.Joined)
                    Sent(caller.AccountId, snapshot.Messages);
                break;
        }
    }

    private void Acknowledged(MessageSent sent, SendMessageRequest request)
    {
        if (truth.Of(sent.ConversationId).Find(sent.Id, sent.Seq) is not { } stored)
            violated("D9", $"message {sent.Number} of {sent.ConversationId} was acknowledged and is not on disk");
        else if (stored.Number != sent.Number || stored.Body != request.Body)
            violated("D7", $"'{request.Body}' was answered with '{stored.Body}', message {sent.Number}");
    }

    private void Sent(AccountId receiver, Changes changes)
    {
        if (!truth.Of(changes.ConversationId).IsMember(receiver))
            violated("CV-3", $"{receiver} was sent change {changes.Seq} of {changes.ConversationId}, and is not in it");
        Sent(receiver, changes.Messages);
    }

    private void Sent(AccountId receiver, ReceiptsMoved receipts)
    {
        var conversation = truth.Of(receipts.ConversationId);
        if (!conversation.IsMember(receiver))
            violated("CV-3", $"{receiver} was sent receipts of {receipts.ConversationId} without being in it");
        if (receipts.ReceiptSeq > conversation.ReceiptSeq)
            violated("D9", $"receipts {receipts.ReceiptSeq} of {receipts.ConversationId} left before their commit");
    }

    private void Sent(AccountId receiver, IReadOnlyList<Message> messages)
    {
        foreach (var message in messages)
            Sent(receiver, message);
    }

    private void Sent(AccountId receiver, Message message)
    {
        var conversation = truth.Of(message.ConversationId);
        if (conversation.Find(message.Id, message.ChangedSeq) is not { } stored)
            violated("D8", $"message {message.Number} of {conversation.Id} was sent in a state that is not on disk");
        else if (stored.Body != message.Body || stored.AuthorId != message.AuthorId)
            violated("D8", $"message {message.Number} of {conversation.Id} was sent with '{message.Body}'");
        else if (!conversation.IsMember(receiver) || !conversation.MaySee(receiver, message.Number, message.ChangedSeq))
            violated("CV-2", $"{receiver} was sent message {message.Number} of {conversation.Id}, which is not theirs");
    }

    private void Typed(AccountId receiver, Typing typing)
    {
        var conversation = truth.Of(typing.ConversationId);
        if (typing.AccountIds.Contains(receiver))
            violated("E1", $"{receiver} was told of their own typing");
        if (!conversation.IsMember(receiver) || typing.AccountIds.Any(typist => !conversation.IsMember(typist)))
            violated("CV-3", $"typing in {conversation.Id} was told to or of somebody who is not in it");
        foreach (var typist in typing.AccountIds)
        {
            if (!_signs.TryGetValue((conversation.Id, typist), out var sign) || time.Now - sign > TypingMax)
                violated("E2", $"{typist} is shown as typing long after the last sign of it");
        }

        if (conversation.StayOf(receiver) is { } stay)
            _shown[(conversation.Id, receiver)] = (stay, typing.AccountIds);
    }
}
