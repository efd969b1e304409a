using Dapper;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;
using Parley.Server.Storage.Postgres;
using static Parley.Server.Storage.Postgres.PostgresArrays;

namespace Parley.Server.Messages;

/// <summary>One multi-row statement per table, two round trips per batch.</summary>
internal sealed class PostgresMessageStore : IMessageStore
{
    // The second statement of the batch starts after the conversations are held: it sees every message that was
    // committed to them before.
    private const string Stored = """
        SELECT id, conversation_id, author_id, number, seq, sent_at, sent_hash
        FROM message
        WHERE id = ANY ($1)
        """;

    private const string Save = """
        UPDATE conversation
        SET head_seq = moved.head_seq, head_number = moved.head_number
        FROM unnest($1, $2, $3) AS moved (id, head_seq, head_number)
        WHERE conversation.id = moved.id
        """;

    private const string Insert = """
        INSERT INTO message (id, conversation_id, number, seq, author_id, body, sent_hash, sent_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    public async Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch)
    {
        await using var questions = new PostgresBatch(turn)
            .Add(PostgresHeads.Take, Ids(batch.Select(sending => sending.Request.ConversationId.Value).Distinct()))
            .Add(Stored, Ids(batch.Select(sending => sending.Request.Id.Value)));
        await using var answers = await questions.AskAsync();
        var heads = answers.Parse<ConversationRow>().ToDictionary(row => row.Id, row => new ConversationHead(row));
        await answers.NextResultAsync(turn.Cancel);
        return new(heads, answers.Parse<StoredSend>().ToDictionary(stored => stored.Id));
    }

    public async Task WriteAsync(
        Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads)
    {
        await using var writes = new PostgresBatch(turn)
            .Add(
                Save,
                Ids(heads.Select(head => head.Row.Id.Value)),
                Longs(heads.Select(head => head.Seq)),
                Longs(heads.Select(head => head.Number)))
            .Add(
                Insert,
                Ids(messages.Select(message => message.Id.Value)),
                Ids(messages.Select(message => message.ConversationId.Value)),
                Longs(messages.Select(message => message.Number)),
                Longs(messages.Select(message => message.Seq)),
                Ids(messages.Select(message => message.AuthorId.Value)),
                Texts(messages.Select(message => message.Body)),
                Longs(messages.Select(message => message.Hash)),
                Longs(messages.Select(message => message.SentAt.ToUnixTimeMilliseconds())));
        await writes.WriteAndCommitAsync();
    }
}
