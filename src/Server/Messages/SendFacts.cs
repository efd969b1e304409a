using Parley.Contract;
using Parley.Server.Journal;

namespace Parley.Server.Messages;

/// <summary>What a batch needs to know before it decides.</summary>
/// <param name="Heads">The conversations that exist.</param>
/// <param name="Stored">Messages of the batch that were stored before.</param>
internal sealed record SendFacts(
    Dictionary<ConversationId, ConversationHead> Heads, Dictionary<MessageId, StoredSend> Stored);
