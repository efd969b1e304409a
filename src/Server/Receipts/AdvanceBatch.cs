using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Receipts;

/// <summary>
/// One turn of receipts: take the conversations, move each watermark as far as the rules allow, write those that moved,
/// one step of <c>receiptSeq</c> per conversation, and after the commit tell those concerned.
/// </summary>
internal sealed class AdvanceBatch(IReceiptStore store, Rosters rosters, IFanout fanout, TimeProvider time)
{
    /// <summary>Authors told of one advance in a large group. Who wrote longer ago asks when it looks.</summary>
    private const int AuthorsMax = 200;

    public async Task WriteAsync(
        Transaction turn, IReadOnlyList<GroupCommit<Advancing, Outcome<Receipt>>.Waiting> batch)
    {
        var facts = await store.GatherAsync(
            turn, [.. batch.Select(waiting => (waiting.Item.Request.ConversationId, waiting.Item.Account))]);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var before = new Dictionary<(ConversationId, AccountId), ReceiptRow>(facts.Receipts);
        foreach (var waiting in batch)
            waiting.Settle(Advance(facts, waiting.Item, now));

        var moved = facts.Receipts
            .Where(receipt => receipt.Value != before[receipt.Key])
            .Select(receipt => new MovedReceipt(
                before[receipt.Key], receipt.Value, facts.Conversations[receipt.Value.ConversationId].ReceiptSeq + 1))
            .ToList();
        if (moved.Count == 0)
            return;

        await store.WriteAsync(turn, moved, now);
        foreach (var group in moved.GroupBy(receipt => receipt.After.ConversationId))
            await TellAsync(turn, facts.Conversations[group.Key], [.. group]);
    }

    private static Outcome<Receipt> Advance(ReceiptFacts facts, Advancing advancing, DateTimeOffset now)
    {
        var (account, request) = advancing;
        var key = (request.ConversationId, account);
        if (!facts.Receipts.TryGetValue(key, out var present)
            || !facts.Conversations.TryGetValue(request.ConversationId, out var conversation))
        {
            return Refuse.NotFound;
        }

        var marks = ReceiptRules.Advance(
            present.Marks, request.DeliveredNumber, request.ReadNumber, conversation.HeadNumber);
        var next = present with
        {
            DeliveredNumber = marks.Delivered,
            ReadNumber = marks.Read,
            DeliveredAt = marks.Delivered > present.DeliveredNumber ? now : present.DeliveredAt,
            ReadAt = marks.Read > present.ReadNumber ? now : present.ReadAt,
        };
        facts.Receipts[key] = next;
        return next.ToWire();
    }

    private async Task TellAsync(Transaction turn, ConversationRow conversation, IReadOnlyList<MovedReceipt> moved)
    {
        var roster = await rosters.OfAsync(turn, conversation.Id, conversation.RosterVersion);
        var readers = moved.Where(receipt => roster.Find(receipt.After.AccountId) is not null).ToList();
        if (roster.Members.Count > Limits.ReceiptsToAllMembersMax)
        {
            foreach (var receipt in readers)
                Tell(turn, conversation, roster, await ConcernedAsync(turn, receipt), [receipt]);
        }
        else
        {
            Tell(turn, conversation, roster, roster.Accounts, readers);
        }
    }

    /// <summary>Those who see the same get the same frame: usually everyone.</summary>
    private void Tell(
        Transaction turn,
        ConversationRow conversation,
        Roster roster,
        IReadOnlyList<AccountId> recipients,
        IReadOnlyList<MovedReceipt> moved)
    {
        var step = new ReceiptsMoved(
            conversation.Id, conversation.ReceiptSeq, conversation.ReceiptSeq + 1,
            [.. moved.Select(receipt => receipt.After.ToWire())]);
        var viewers = recipients.Select(roster.Find).OfType<Member>().ToList();
        if (viewers.TrueForAll(viewer => viewer.SendsReadReceipts == 1)
            && moved.All(receipt => roster.Find(receipt.After.AccountId)!.SendsReadReceipts == 1))
        {
            turn.AfterCommit(() => fanout.Publish(new(
                Wire.ReceiptsTarget, step, [.. viewers.Select(viewer => viewer.AccountId)])));
            return;
        }

        foreach (var viewer in viewers)
        {
            var seen = step with
            {
                Items = [.. step.Items.Select(receipt =>
                    ReceiptRules.AsSeenBy(viewer, roster.Find(receipt.AccountId)!, receipt))],
            };
            turn.AfterCommit(() => fanout.Publish(new(Wire.ReceiptsTarget, seen, [viewer.AccountId])));
        }
    }

    /// <summary>In a large group: who wrote the messages this receipt is about, and its own person. Index
    /// <c>message_number</c>.</summary>
    private static async Task<IReadOnlyList<AccountId>> ConcernedAsync(Transaction turn, MovedReceipt receipt)
    {
        var authors = await turn.QueryAsync<AccountId>("""
            SELECT DISTINCT author_id
            FROM message
            WHERE conversation_id = @ConversationId AND number > @after AND number <= @upTo
            LIMIT @limit
            """, new
        {
            receipt.After.ConversationId,
            after = Math.Min(receipt.Before.DeliveredNumber, receipt.Before.ReadNumber),
            upTo = receipt.After.DeliveredNumber,
            limit = AuthorsMax,
        });
        return [.. authors.Append(receipt.After.AccountId).Distinct()];
    }
}
