using Parley.Contract;

namespace Parley.Server.Messages;

/// <summary>A row to insert.</summary>
internal sealed record NewMessage(
    MessageId Id,
    ConversationId ConversationId,
    long Number,
    long Seq,
    AccountId AuthorId,
    string Body,
    long Hash,
    DateTimeOffset SentAt);
