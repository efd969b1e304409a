namespace Parley.Server.Receipts;

/// <summary>A receipt that moved from one state to another, by one step of the conversation's receipt
/// counter.</summary>
internal sealed record MovedReceipt(ReceiptRow Before, ReceiptRow After, long ReceiptSeq);
