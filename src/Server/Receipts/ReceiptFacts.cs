using Parley.Contract;
using Parley.Server.Journal;

namespace Parley.Server.Receipts;

/// <summary>What a batch needs to know before it decides.</summary>
internal sealed record ReceiptFacts(
    Dictionary<ConversationId, ConversationRow> Conversations,
    Dictionary<(ConversationId Conversation, AccountId Account), ReceiptRow> Receipts);
