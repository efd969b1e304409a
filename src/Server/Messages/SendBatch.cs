using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>
/// One turn of sending: take the conversations, answer repeats, judge the rest, number it, write it, and after the
/// commit tell the members. Membership and sanctions are read in the very transaction that stores the message (rule
/// MS-3).
/// </summary>
internal sealed class SendBatch(
    IMessageStore store, Rosters rosters, ChangePusher pusher, TimeProvider time, IEnumerable<IMessageSent> listeners)
{
    public async Task WriteAsync(
        Transaction turn, IReadOnlyList<GroupCommit<Sending, Outcome<MessageSent>>.Waiting> batch)
    {
        var facts = await store.GatherAsync(turn, [.. batch.Select(waiting => waiting.Item)]);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var written = new List<(NewMessage Row, Caller Author)>(batch.Count);
        foreach (var waiting in batch)
            waiting.Settle(await DecideAsync(turn, facts, waiting.Item, now, written));

        if (written.Count == 0)
            return;

        var byConversation = written.ToLookup(message => message.Row.ConversationId);
        foreach (var messages in byConversation)
            await TellAsync(turn, facts.Heads[messages.Key], [.. messages]);

        await store.WriteAsync(
            turn,
            [.. written.Select(message => message.Row)],
            [.. byConversation.Select(messages => facts.Heads[messages.Key])]);
    }

    private async ValueTask<Outcome<MessageSent>> DecideAsync(
        Transaction turn,
        SendFacts facts,
        Sending sending,
        DateTimeOffset now,
        List<(NewMessage Row, Caller Author)> written)
    {
        var (author, request, hash) = sending;
        if (facts.Stored.TryGetValue(request.Id, out var stored))
        {
            return MessageRules.WhyNotARepeat(stored, request.ConversationId, author.AccountId, hash) is { } taken
                ? taken
                : new MessageSent(stored.Id, stored.ConversationId, stored.Number, stored.Seq, stored.SentAt);
        }

        if (!facts.Heads.TryGetValue(request.ConversationId, out var head))
            return Refuse.NotFound;

        var roster = await rosters.OfAsync(turn, head.Row.Id, head.Row.RosterVersion);
        if (MessageRules.WhyNotWrite(head.Row, roster.Find(author.AccountId), now) is { } refusal)
            return refusal;

        var row = new NewMessage(
            request.Id, head.Row.Id, head.NextNumber(), head.NextSeq(), author.AccountId, request.Body, hash, now);
        written.Add((row, author));
        facts.Stored[row.Id] = new(row.Id, row.ConversationId, row.AuthorId, row.Number, row.Seq, now, hash);
        return new MessageSent(row.Id, row.ConversationId, row.Number, row.Seq, now);
    }

    /// <summary>Says who is to be told what, once it is on disk.</summary>
    private async ValueTask TellAsync(
        Transaction turn, ConversationHead head, (NewMessage Row, Caller Author)[] messages)
    {
        var roster = await rosters.OfAsync(turn, head.Row.Id, head.Row.RosterVersion);
        var changes = new Changes(
            head.Row.Id,
            head.Row.HeadSeq,
            head.Seq,
            head.Number,
            null,
            [],
            [.. messages.Select(message => ToWire(message.Row))],
            HasMore: false);

        foreach (var listener in listeners)
        {
            foreach (var (row, _) in messages)
                turn.AfterCommit(() => listener.Sent(row.ConversationId, row.AuthorId));
        }

        // The ack tells a connection its own message; only if others spoke in the same breath does it need the push.
        var only = messages[0].Author.ConnectionId;
        pusher.PushAfterCommit(
            turn, roster, changes, Array.TrueForAll(messages, m => m.Author.ConnectionId == only) ? only : null);
    }

    private static Message ToWire(NewMessage row) => new(
        row.Id, row.ConversationId, row.Number, row.AuthorId, row.Body, row.SentAt, null, null, null, null, 1, row.Seq);
}
