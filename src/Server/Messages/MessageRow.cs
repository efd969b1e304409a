using Parley.Contract;

namespace Parley.Server.Messages;

/// <summary>The columns of a message that make its present state.</summary>
internal sealed record MessageRow(
    MessageId Id,
    ConversationId ConversationId,
    long Number,
    long Seq,
    AccountId AuthorId,
    string? Body,
    DateTimeOffset SentAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? RemovedAt,
    AccountId? RemovedBy,
    DateTimeOffset? ExpiredAt,
    long Version,
    long? ChangedSeq)
{
    /// <summary>For every SELECT that becomes a <see cref="MessageRow"/>.</summary>
    public const string Columns = """
        id, conversation_id, number, seq, author_id, body, sent_at,
        edited_at, removed_at, removed_by, expired_at, version, changed_seq
        """;

    public Message ToWire() => new(
        Id, ConversationId, Number, AuthorId, Body, SentAt, EditedAt, RemovedAt, RemovedBy, ExpiredAt,
        (int)Version, ChangedSeq ?? Seq);
}
