using Dapper;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;
using Parley.Server.Storage.Postgres;
using static Parley.Server.Storage.Postgres.PostgresArrays;

namespace Parley.Server.Receipts;

/// <summary>One multi-row statement per table, two round trips per batch.</summary>
internal sealed class PostgresReceiptStore : IReceiptStore
{
    private const string Receipts = """
        SELECT m.conversation_id, m.account_id, m.delivered_number, m.read_number, m.delivered_at, m.read_at
        FROM unnest($1, $2) AS asked (conversation_id, account_id)
        JOIN membership m USING (conversation_id, account_id)
        WHERE m.left_at IS NULL
        """;

    private const string Save = """
        UPDATE membership m
        SET delivered_number = moved.delivered, read_number = moved.read,
            delivered_at = moved.delivered_at, read_at = moved.read_at, receipt_seq = moved.seq
        FROM unnest($1, $2, $3, $4, $5, $6, $7)
            AS moved (conversation_id, account_id, delivered, read, delivered_at, read_at, seq)
        WHERE m.conversation_id = moved.conversation_id AND m.account_id = moved.account_id
        """;

    private const string Advance = """
        INSERT INTO receipt_advance (conversation_id, account_id, kind, up_to_number, at)
        SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        """;

    private const string Step = """
        UPDATE conversation
        SET receipt_seq = moved.seq
        FROM unnest($1, $2) AS moved (id, seq)
        WHERE conversation.id = moved.id
        """;

    public async Task<ReceiptFacts> GatherAsync(
        Transaction turn, IReadOnlyList<(ConversationId Conversation, AccountId Account)> keys)
    {
        var distinct = keys.Distinct().ToList();
        await using var questions = new PostgresBatch(turn)
            .Add(PostgresHeads.Take, Ids(distinct.Select(key => key.Conversation.Value).Distinct()))
            .Add(
                Receipts,
                Ids(distinct.Select(key => key.Conversation.Value)),
                Ids(distinct.Select(key => key.Account.Value)));
        await using var answers = await questions.AskAsync();
        var conversations = answers.Parse<ConversationRow>().ToDictionary(row => row.Id);
        await answers.NextResultAsync(turn.Cancel);
        return new(conversations, answers.Parse<ReceiptRow>().ToDictionary(row => (row.ConversationId, row.AccountId)));
    }

    public async Task WriteAsync(Transaction turn, IReadOnlyList<MovedReceipt> moved, DateTimeOffset now)
    {
        var delivered = moved
            .Where(receipt => receipt.After.DeliveredNumber > receipt.Before.DeliveredNumber)
            .Select(receipt => (receipt.After, Kind: "delivered", Number: receipt.After.DeliveredNumber));
        var read = moved
            .Where(receipt => receipt.After.ReadNumber > receipt.Before.ReadNumber)
            .Select(receipt => (receipt.After, Kind: "read", Number: receipt.After.ReadNumber));
        var advances = delivered.Concat(read).ToList();
        var steps = moved
            .GroupBy(receipt => receipt.After.ConversationId)
            .Select(group => (Id: group.Key, Seq: group.Max(receipt => receipt.ReceiptSeq)))
            .ToList();
        await using var writes = new PostgresBatch(turn)
            .Add(
                Save,
                Ids(moved.Select(receipt => receipt.After.ConversationId.Value)),
                Ids(moved.Select(receipt => receipt.After.AccountId.Value)),
                Longs(moved.Select(receipt => receipt.After.DeliveredNumber)),
                Longs(moved.Select(receipt => receipt.After.ReadNumber)),
                NullableLongs(moved.Select(receipt => receipt.After.DeliveredAt?.ToUnixTimeMilliseconds())),
                NullableLongs(moved.Select(receipt => receipt.After.ReadAt?.ToUnixTimeMilliseconds())),
                Longs(moved.Select(receipt => receipt.ReceiptSeq)))
            .Add(
                Advance,
                Ids(advances.Select(advance => advance.After.ConversationId.Value)),
                Ids(advances.Select(advance => advance.After.AccountId.Value)),
                Texts(advances.Select(advance => advance.Kind)),
                Longs(advances.Select(advance => advance.Number)),
                Longs(advances.Select(_ => now.ToUnixTimeMilliseconds())))
            .Add(
                Step,
                Ids(steps.Select(step => step.Id.Value)),
                Longs(steps.Select(step => step.Seq)));
        await writes.WriteAsync();
    }
}
