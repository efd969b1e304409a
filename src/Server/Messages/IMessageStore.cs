using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>
/// The hot statements of sending, in the shape each database does fastest: prepared statements on SQLite's writer, one
/// multi-row statement per table on PostgreSQL. Nothing is decided here.
/// </summary>
internal interface IMessageStore
{
    /// <summary>Takes the conversations of a batch, in id order, and finds which of its messages are stored
    /// already.</summary>
    Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch);

    /// <summary>Inserts the new messages and moves the heads: the last thing the turn writes.</summary>
    Task WriteAsync(Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads);
}

/// <summary>A message on its way to disk.</summary>
/// <param name="Author">Who sends, from which connection.</param>
/// <param name="Request">As it came, its body already judged.</param>
/// <param name="Hash">Of conversation and body; tells a resend from a reused id.</param>
internal sealed record Sending(Kernel.Caller Author, SendMessageRequest Request, long Hash);

/// <summary>What a batch needs to know before it decides.</summary>
/// <param name="Heads">The conversations that exist.</param>
/// <param name="Stored">Messages of the batch that were stored before.</param>
internal sealed record SendFacts(
    Dictionary<ConversationId, ConversationHead> Heads, Dictionary<MessageId, StoredSend> Stored);

/// <summary>How a message was first accepted.</summary>
internal sealed record StoredSend(
    MessageId Id,
    ConversationId ConversationId,
    AccountId AuthorId,
    long Number,
    long Seq,
    DateTimeOffset SentAt,
    long SentHash);

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
