using Dapper;
using Npgsql;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;
using Parley.Server.Storage.Postgres;

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
        await using var questions = new NpgsqlBatch((NpgsqlConnection)turn.Connection, (NpgsqlTransaction?)turn.Underlying)
        {
            BatchCommands =
            {
                new(PostgresHeads.Take) { Parameters = { PostgresArrays.Ids(batch.Select(sending => sending.Request.ConversationId.Value).Distinct()) } },
                new(Stored) { Parameters = { PostgresArrays.Ids(batch.Select(sending => sending.Request.Id.Value)) } },
            },
        };
        await using var answers = await questions.ExecuteReaderAsync(turn.Cancel);
        var heads = answers.Parse<ConversationRow>().ToDictionary(row => row.Id, row => new ConversationHead(row));
        await answers.NextResultAsync(turn.Cancel);
        return new(heads, answers.Parse<StoredSend>().ToDictionary(stored => stored.Id));
    }

    public async Task WriteAsync(
        Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads)
    {
        await using var writes = new NpgsqlBatch((NpgsqlConnection)turn.Connection, (NpgsqlTransaction?)turn.Underlying)
        {
            BatchCommands =
            {
                new(Save)
                {
                    Parameters =
                    {
                        PostgresArrays.Ids(heads.Select(head => head.Row.Id.Value)),
                        PostgresArrays.Longs(heads.Select(head => head.Seq)),
                        PostgresArrays.Longs(heads.Select(head => head.Number)),
                    },
                },
                new(Insert)
                {
                    Parameters =
                    {
                        PostgresArrays.Ids(messages.Select(message => message.Id.Value)),
                        PostgresArrays.Ids(messages.Select(message => message.ConversationId.Value)),
                        PostgresArrays.Longs(messages.Select(message => message.Number)),
                        PostgresArrays.Longs(messages.Select(message => message.Seq)),
                        PostgresArrays.Ids(messages.Select(message => message.AuthorId.Value)),
                        PostgresArrays.Texts(messages.Select(message => message.Body)),
                        PostgresArrays.Longs(messages.Select(message => message.Hash)),
                        PostgresArrays.Longs(messages.Select(message => message.SentAt.ToUnixTimeMilliseconds())),
                    },
                },
            },
        };
        await writes.ExecuteNonQueryAsync(turn.Cancel);
    }
}
