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
