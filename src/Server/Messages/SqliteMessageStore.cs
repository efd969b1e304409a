using Microsoft.Data.Sqlite;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;
using Parley.Server.Storage.Sqlite;

namespace Parley.Server.Messages;

/// <summary>Prepared statements on the only writer.</summary>
internal sealed class SqliteMessageStore : IMessageStore, IDisposable
{
    private Statements? _prepared;

    public Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch)
    {
        var statements = On(turn);
        var facts = new SendFacts(new(batch.Count), []);
        foreach (var sending in batch)
        {
            if (statements.Stored(sending.Request.Id) is { } stored)
                facts.Stored[stored.Id] = stored;

            var conversation = sending.Request.ConversationId;
            if (!facts.Heads.ContainsKey(conversation) && statements.Heads.Find(conversation) is { } row)
                facts.Heads.Add(conversation, new(row));
        }

        return Task.FromResult(facts);
    }

    public Task WriteAsync(
        Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads)
    {
        var statements = On(turn);
        foreach (var message in messages)
            statements.Insert(message);

        foreach (var head in heads)
            statements.Save(head);

        return Task.CompletedTask;
    }

    public void Dispose() => _prepared?.Dispose();

    // One writer connection lives as long as the process, so one set of statements does.
    private Statements On(Transaction turn) => _prepared ??= new((SqliteConnection)turn.Connection);

    private sealed class Statements(SqliteConnection connection) : IDisposable
    {
        private readonly RawStatement _stored = new(connection, """
            SELECT conversation_id, author_id, number, seq, sent_at, sent_hash
            FROM message
            WHERE id = ?1
            """);

        private readonly RawStatement _save = new(connection, """
            UPDATE conversation SET head_seq = ?2, head_number = ?3 WHERE id = ?1
            """);

        private readonly RawStatement _insert = new(connection, """
            INSERT INTO message (id, conversation_id, number, seq, author_id, body, sent_hash, sent_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """);

        public SqliteHeads Heads { get; } = new(connection);

        public StoredSend? Stored(MessageId id)
        {
            _stored.Bind(1, id.Value);
            var found = _stored.Step()
                ? new StoredSend(
                    id,
                    new(_stored.Guid(0)),
                    new(_stored.Guid(1)),
                    _stored.Long(2),
                    _stored.Long(3),
                    DateTimeOffset.FromUnixTimeMilliseconds(_stored.Long(4)),
                    _stored.Long(5))
                : null;
            _stored.Reset();
            return found;
        }

        public void Save(ConversationHead head) =>
            _save.Bind(1, head.Row.Id.Value).Bind(2, head.Seq).Bind(3, head.Number).Execute();

        public void Insert(NewMessage message) => _insert
            .Bind(1, message.Id.Value)
            .Bind(2, message.ConversationId.Value)
            .Bind(3, message.Number)
            .Bind(4, message.Seq)
            .Bind(5, message.AuthorId.Value)
            .Bind(6, message.Body)
            .Bind(7, message.Hash)
            .Bind(8, message.SentAt.ToUnixTimeMilliseconds())
            .Execute();

        public void Dispose()
        {
            _stored.Dispose();
            Heads.Dispose();
            _save.Dispose();
            _insert.Dispose();
        }
    }
}
