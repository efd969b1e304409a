using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>
/// What the caller and one other person have not received from each other yet. A view of the conversation, not a
/// copy: a message is in it from its sending until a device of its recipient has stored it. Requirements OQ-02, OQ-03.
/// </summary>
/// <param name="Outgoing">Written by the caller, not on any device of the other yet. In number order, at most
/// <see cref="Limits.PageCountMax"/>. Never null.</param>
/// <param name="Incoming">Written by the other, not on any device of the caller yet. Likewise.</param>
/// <param name="HasMore">Whether either list goes on beyond what is shown.</param>
public sealed record QueuedMessages(
    IReadOnlyList<QueuedMessage> Outgoing, IReadOnlyList<QueuedMessage> Incoming, bool HasMore);

/// <summary>One message on its way.</summary>
/// <param name="Id">As its author's client made it.</param>
/// <param name="Number">Its number in the conversation.</param>
/// <param name="SentAt">Server time of acceptance.</param>
/// <param name="State">Queued or expired.</param>
public sealed record QueuedMessage(MessageId Id, long Number, DateTimeOffset SentAt, QueueState State);

/// <summary>How long a message has been on its way.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<QueueState>))]
public enum QueueState
{
    /// <summary>Waits for a device of the recipient.</summary>
    Queued,

    /// <summary>Waited for 7 days, and its author was told. It still arrives when a device comes. Rule EX-1.</summary>
    Expired,
}
