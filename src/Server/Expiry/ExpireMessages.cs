using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Messages;
using Parley.Server.Outbox;
using Parley.Server.Storage;

namespace Parley.Server.Expiry;

/// <summary>
/// Marks the old messages of one conversation that somebody still has not got, tells the members, and writes down
/// that the author is to be told: one commit. Doing it again changes nothing, so a sweep may repeat what it did
/// before a crash.
/// </summary>
internal sealed class ExpireMessages(
    IDatabase database, Rosters rosters, ChangePusher pusher, OutboxEntries outbox, TimeProvider time)
{
    /// <summary>Looks without taking the conversation: most messages arrived long ago.</summary>
    public Task<bool> IsAnyUndeliveredAsync(
        ConversationId conversation, IReadOnlyList<OldMessage> messages, CancellationToken cancel) =>
        database.ReadAsync(async view =>
        {
            var lagging = await LaggingAsync(view, conversation, messages[^1].Number);
            return messages.Any(message =>
                ExpiryRules.UndeliveredTo(message.Number, message.AuthorId, lagging) > 0);
        }, cancel);

    /// <summary>Answers how many messages expired. At most one page of them, in number order.</summary>
    public Task<int> RunAsync(
        ConversationId conversation, IReadOnlyList<OldMessage> messages, CancellationToken cancel) =>
        database.WriteAsync(async turn =>
        {
            if (await ConversationHead.TakeAsync(turn, conversation) is not { } head)
                return 0;

            // Receipts take the conversation too: what is undelivered now stays so until this commits.
            var lagging = await LaggingAsync(turn, conversation, messages[^1].Number);
            var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var expired = new List<Message>();
            foreach (var message in await StandingAsync(turn, messages))
            {
                var undelivered = ExpiryRules.UndeliveredTo(message.Number, message.AuthorId, lagging);
                if (undelivered == 0)
                    continue;

                // A change of state takes a step of seq; Version counts what the author and owners did to the text.
                var state = message with { ExpiredAt = now, ChangedSeq = head.NextSeq() };
                await SaveAsync(turn, state);
                var notice = new Notice(conversation, message.Id, message.Number, undelivered, now);
                await outbox.AddAsync(
                    turn, TellAuthor.KindName, message.Id.ToString(), new ToTell(message.AuthorId, notice), now);
                expired.Add(state.ToWire());
            }

            if (expired.Count == 0)
                return 0;

            await head.SaveAsync(turn);
            var roster = await rosters.OfAsync(turn, conversation, head.Row.RosterVersion);
            pusher.PushAfterCommit(turn, roster, new(
                conversation, head.Row.HeadSeq, head.Seq, head.Number, null, [], expired, HasMore: false));
            return expired.Count;
        }, cancel);

    /// <summary>Primary key of membership. Who got the last one got them all: delivery is a watermark.</summary>
    private static Task<IReadOnlyList<LaggingMember>> LaggingAsync(
        Snapshot view, ConversationId conversation, long lastNumber) =>
        view.QueryAsync<LaggingMember>("""
            SELECT m.account_id, m.joined_number, m.delivered_number
            FROM membership m
            JOIN account a ON a.id = m.account_id
            WHERE m.conversation_id = @conversation AND m.left_at IS NULL AND a.deactivated_at IS NULL
              AND m.delivered_number < @lastNumber
            """, new { conversation, lastNumber });

    /// <summary>Index <c>message_id</c>. What was removed has nothing left to arrive.</summary>
    private static Task<IReadOnlyList<MessageRow>> StandingAsync(
        Transaction turn, IReadOnlyList<OldMessage> messages) =>
        turn.QueryAsync<MessageRow>($"""
            SELECT {MessageRow.Columns}
            FROM message
            WHERE id {turn.In("ids")} AND removed_at IS NULL AND expired_at IS NULL
            ORDER BY number
            """, new { ids = turn.Ids(messages.Select(message => message.Id)) });

    private static Task<int> SaveAsync(Transaction turn, MessageRow state) => turn.ExecuteAsync(
        "UPDATE message SET expired_at = @ExpiredAt, changed_seq = @ChangedSeq WHERE id = @Id",
        new { state.ExpiredAt, state.ChangedSeq, state.Id });
}

/// <summary>A message old enough to be examined.</summary>
internal sealed record OldMessage(
    long Row, MessageId Id, ConversationId ConversationId, long Number, AccountId AuthorId, DateTimeOffset SentAt);
