using Parley.Contract;

namespace Parley.Server.Messages;

/// <summary>How a message was first accepted.</summary>
internal sealed record StoredSend(
    MessageId Id,
    ConversationId ConversationId,
    AccountId AuthorId,
    long Number,
    long Seq,
    DateTimeOffset SentAt,
    long SentHash);
