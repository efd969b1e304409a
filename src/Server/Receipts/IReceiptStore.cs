using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Receipts;

/// <summary>The hot statements of receipts, in the shape each database does fastest. Nothing is decided here.</summary>
internal interface IReceiptStore
{
    /// <summary>Takes the conversations of a batch, in id order, and reads the watermarks of those who
    /// advance.</summary>
    Task<ReceiptFacts> GatherAsync(
        Transaction turn, IReadOnlyList<(ConversationId Conversation, AccountId Account)> keys);

    /// <summary>Writes the moved watermarks, when they moved, and the conversations' receipt counters.</summary>
    Task WriteAsync(Transaction turn, IReadOnlyList<MovedReceipt> moved, DateTimeOffset now);
}

/// <summary>What a batch needs to know before it decides.</summary>
internal sealed record ReceiptFacts(
    Dictionary<ConversationId, ConversationRow> Conversations,
    Dictionary<(ConversationId Conversation, AccountId Account), ReceiptRow> Receipts);

/// <summary>A member's watermarks as they stand.</summary>
internal sealed record ReceiptRow(
    ConversationId ConversationId,
    AccountId AccountId,
    long DeliveredNumber,
    long ReadNumber,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt)
{
    public Watermarks Marks => new(DeliveredNumber, ReadNumber);

    public Receipt ToWire() =>
        new(ConversationId, AccountId, DeliveredNumber, ReadNumber, DeliveredAt, ReadAt);
}

/// <summary>A receipt that moved from one state to another, by one step of the conversation's receipt
/// counter.</summary>
internal sealed record MovedReceipt(ReceiptRow Before, ReceiptRow After, long ReceiptSeq);
