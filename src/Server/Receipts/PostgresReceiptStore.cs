using Dapper;
using Npgsql;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;
using Parley.Server.Storage.Postgres;

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
        await using var questions = new NpgsqlBatch((NpgsqlConnection)turn.Connection, (NpgsqlTransaction?)turn.Underlying)
        {
            BatchCommands =
            {
                new(PostgresHeads.Take)
                {
                    Parameters = { PostgresArrays.Ids(distinct.Select(key => key.Conversation.Value).Distinct()) },
                },
                new(Receipts)
                {
                    Parameters =
                    {
                        PostgresArrays.Ids(distinct.Select(key => key.Conversation.Value)),
                        PostgresArrays.Ids(distinct.Select(key => key.Account.Value)),
                    },
                },
            },
        };
        await using var answers = await questions.ExecuteReaderAsync(turn.Cancel);
        var conversations = answers.Parse<ConversationRow>().ToDictionary(row => row.Id);
        await answers.NextResultAsync(turn.Cancel);
        return new(conversations, answers.Parse<ReceiptRow>().ToDictionary(row => (row.ConversationId, row.AccountId)));
    }

    public async Task WriteAsync(Transaction turn, IReadOnlyList<MovedReceipt> moved, DateTimeOffset now)
    {
        var advances = moved
            .Where(receipt => receipt.After.DeliveredNumber > receipt.Before.DeliveredNumber)
            .Select(receipt => (receipt.After, Kind: "delivered", Number: receipt.After.DeliveredNumber))
            .Concat(moved
                .Where(receipt => receipt.After.ReadNumber > receipt.Before.ReadNumber)
                .Select(receipt => (receipt.After, Kind: "read", Number: receipt.After.ReadNumber)))
            .ToList();
        var steps = moved
            .GroupBy(receipt => receipt.After.ConversationId)
            .Select(group => (Id: group.Key, Seq: group.Max(receipt => receipt.ReceiptSeq)))
            .ToList();
        await using var writes = new NpgsqlBatch((NpgsqlConnection)turn.Connection, (NpgsqlTransaction?)turn.Underlying)
        {
            BatchCommands =
            {
                new(Save)
                {
                    Parameters =
                    {
                        PostgresArrays.Ids(moved.Select(receipt => receipt.After.ConversationId.Value)),
                        PostgresArrays.Ids(moved.Select(receipt => receipt.After.AccountId.Value)),
                        PostgresArrays.Longs(moved.Select(receipt => receipt.After.DeliveredNumber)),
                        PostgresArrays.Longs(moved.Select(receipt => receipt.After.ReadNumber)),
                        PostgresArrays.NullableLongs(
                            moved.Select(receipt => receipt.After.DeliveredAt?.ToUnixTimeMilliseconds())),
                        PostgresArrays.NullableLongs(
                            moved.Select(receipt => receipt.After.ReadAt?.ToUnixTimeMilliseconds())),
                        PostgresArrays.Longs(moved.Select(receipt => receipt.ReceiptSeq)),
                    },
                },
                new(Advance)
                {
                    Parameters =
                    {
                        PostgresArrays.Ids(advances.Select(advance => advance.After.ConversationId.Value)),
                        PostgresArrays.Ids(advances.Select(advance => advance.After.AccountId.Value)),
                        PostgresArrays.Texts(advances.Select(advance => advance.Kind)),
                        PostgresArrays.Longs(advances.Select(advance => advance.Number)),
                        PostgresArrays.Longs(advances.Select(_ => now.ToUnixTimeMilliseconds())),
                    },
                },
                new(Step)
                {
                    Parameters =
                    {
                        PostgresArrays.Ids(steps.Select(step => step.Id.Value)),
                        PostgresArrays.Longs(steps.Select(step => step.Seq)),
                    },
                },
            },
        };
        await writes.ExecuteNonQueryAsync(turn.Cancel);
    }
}
