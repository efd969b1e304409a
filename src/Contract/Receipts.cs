using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>How far one member has received and read. Watermarks only move forward. Rule RC-1.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="AccountId">The member.</param>
/// <param name="DeliveredNumber">Highest message number stored on one of the member's devices; 0 when none.</param>
/// <param name="ReadNumber">Highest message number the member has seen; 0 when none, and when the member hides
/// it.</param>
/// <param name="DeliveredAt">Server time of the last delivered advance; null when none.</param>
/// <param name="ReadAt">Server time of the last read advance; null when none or hidden.</param>
public sealed record Receipt(
    ConversationId ConversationId,
    AccountId AccountId,
    long DeliveredNumber,
    long ReadNumber,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt);

/// <summary>
/// Moves the caller's watermarks. Lower values than known are ignored, higher than the head are clamped; reading
/// implies delivery. Refusals: notFound, invalid.
/// </summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="DeliveredNumber">Stored on this device up to here.</param>
/// <param name="ReadNumber">Seen up to here; null leaves it.</param>
/// <remarks>Rules RC-1 to RC-3; requirements ST-06 to ST-08.</remarks>
public sealed record AdvanceReceiptsRequest(ConversationId ConversationId, long DeliveredNumber, long? ReadNumber);

/// <summary>Receipts that moved. Pushed as <c>receipts</c>. Rule RC-4.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="AfterReceiptSeq">This push continues from here.</param>
/// <param name="ReceiptSeq">… and reaches to here.</param>
/// <param name="Items">Present state of the receipts that moved; one per member.</param>
public sealed record ReceiptsMoved(
    ConversationId ConversationId, long AfterReceiptSeq, long ReceiptSeq, IReadOnlyList<Receipt> Items);

/// <summary>Status of a message as its author sees it. Rule RC-5; requirement ST-01.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MessageStatus>))]
public enum MessageStatus
{
    /// <summary>On the server's disk.</summary>
    Sent,

    /// <summary>Undelivered to somebody for 7 days.</summary>
    Expired,

    /// <summary>On a device of every member at send time who is still one.</summary>
    Delivered,

    /// <summary>Read by every member at send time who is still one and sends read receipts.</summary>
    Read,
}

/// <summary>Asks who received and read a message, and when. Its author and staff may ask. Refusals: notFound,
/// forbidden.</summary>
public sealed record GetMessageReceiptsRequest(ConversationId ConversationId, long Number);

/// <summary>Who received and read one message.</summary>
/// <param name="Status">The status over all of them.</param>
/// <param name="Items">One per other member at send time, in account order.</param>
public sealed record MessageReceipts(MessageStatus Status, IReadOnlyList<MessageReceipt> Items);

/// <summary>When one member received and read one message; null when not yet (or hidden).</summary>
public sealed record MessageReceipt(AccountId AccountId, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt);

/// <summary>The body of <c>PUT /conversations/{conversationId}/receipt</c>; see
/// <see cref="AdvanceReceiptsRequest"/>.</summary>
public sealed record ReceiptBody(long DeliveredNumber, long? ReadNumber);
