using Parley.Contract;

namespace Parley.Client;

/// <summary>One message on its way out.</summary>
/// <param name="Id">Its id for ever, and its idempotency key. Rule MS-1.</param>
/// <param name="ConversationId">Where it is to be said.</param>
/// <param name="Body">Plain text.</param>
/// <param name="QueuedAt">When the person said (or confirmed) it, by this device's clock.</param>
/// <param name="Position">Order among this device's messages; a retried one goes to the end.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Refusal">Why it failed; null otherwise.</param>
/// <param name="Sent">The ack; null before.</param>
public sealed record OutboxItem(
    MessageId Id,
    ConversationId ConversationId,
    string Body,
    DateTimeOffset QueuedAt,
    long Position,
    OutboxState State,
    Refusal? Refusal = null,
    MessageSent? Sent = null);
