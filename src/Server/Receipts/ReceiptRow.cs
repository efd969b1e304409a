using Parley.Contract;

namespace Parley.Server.Receipts;

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
