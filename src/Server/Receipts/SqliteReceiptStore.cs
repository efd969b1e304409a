using Microsoft.Data.Sqlite;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;
using Parley.Server.Storage.Sqlite;

namespace Parley.Server.Receipts;

/// <summary>Prepared statements on the only writer.</summary>
internal sealed class SqliteReceiptStore : IReceiptStore, IDisposable
{
    private Statements? _prepared;

    public Task<ReceiptFacts> GatherAsync(
        Transaction turn, IReadOnlyList<(ConversationId Conversation, AccountId Account)> keys)
    {
        var statements = On(turn);
        var facts = new ReceiptFacts(new(keys.Count), new(keys.Count));
        foreach (var key in keys)
        {
            if (!facts.Conversations.ContainsKey(key.Conversation)
                && statements.Heads.Find(key.Conversation) is { } conversation)
            {
                facts.Conversations.Add(key.Conversation, conversation);
            }

            if (!facts.Receipts.ContainsKey(key) && statements.Receipt(key.Conversation, key.Account) is { } receipt)
                facts.Receipts.Add(key, receipt);
        }

        return Task.FromResult(facts);
    }

    public Task WriteAsync(Transaction turn, IReadOnlyList<MovedReceipt> moved, DateTimeOffset now)
    {
        var statements = On(turn);
        foreach (var receipt in moved)
            statements.Save(receipt, now.ToUnixTimeMilliseconds());

        return Task.CompletedTask;
    }

    public void Dispose() => _prepared?.Dispose();

    private Statements On(Transaction turn) => _prepared ??= new((SqliteConnection)turn.Connection);

    private sealed class Statements(SqliteConnection connection) : IDisposable
    {
        private readonly RawStatement _receipt = new(connection, """
            SELECT delivered_number, read_number, delivered_at, read_at
            FROM membership
            WHERE conversation_id = ?1 AND account_id = ?2 AND left_at IS NULL
            """);

        private readonly RawStatement _saveDelivered = new(connection, """
            UPDATE membership
            SET delivered_number = ?3, delivered_at = ?4, receipt_seq = ?5
            WHERE conversation_id = ?1 AND account_id = ?2
            """);

        private readonly RawStatement _saveRead = new(connection, """
            UPDATE membership
            SET read_number = ?3, read_at = ?4, receipt_seq = ?5
            WHERE conversation_id = ?1 AND account_id = ?2
            """);

        private readonly RawStatement _advance = new(connection, """
            INSERT INTO receipt_advance (conversation_id, account_id, kind, up_to_number, at)
            VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO NOTHING
            """);

        private readonly RawStatement _step = new(connection, """
            UPDATE conversation SET receipt_seq = ?2 WHERE id = ?1
            """);

        public SqliteHeads Heads { get; } = new(connection);

        public ReceiptRow? Receipt(ConversationId conversation, AccountId account)
        {
            _receipt.Bind(1, conversation.Value).Bind(2, account.Value);
            var found = _receipt.Step()
                ? new ReceiptRow(
                    conversation, account, _receipt.Long(0), _receipt.Long(1), _receipt.Instant(2), _receipt.Instant(3))
                : null;
            _receipt.Reset();
            return found;
        }

        public void Save(MovedReceipt moved, long now)
        {
            var (before, after, seq) = moved;
            if (after.DeliveredNumber > before.DeliveredNumber)
                Save(_saveDelivered, "delivered", after, after.DeliveredNumber, now, seq);

            if (after.ReadNumber > before.ReadNumber)
                Save(_saveRead, "read", after, after.ReadNumber, now, seq);

            _step.Bind(1, after.ConversationId.Value).Bind(2, seq).Execute();
        }

        public void Dispose()
        {
            Heads.Dispose();
            _receipt.Dispose();
            _saveDelivered.Dispose();
            _saveRead.Dispose();
            _advance.Dispose();
            _step.Dispose();
        }

        private void Save(RawStatement save, string kind, ReceiptRow row, long number, long now, long seq)
        {
            save.Bind(1, row.ConversationId.Value).Bind(2, row.AccountId.Value)
                .Bind(3, number).Bind(4, now).Bind(5, seq).Execute();
            _advance.Bind(1, row.ConversationId.Value).Bind(2, row.AccountId.Value)
                .Bind(3, kind).Bind(4, number).Bind(5, now).Execute();
        }
    }
}
