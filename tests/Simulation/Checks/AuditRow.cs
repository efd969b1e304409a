namespace Parley.Simulation.Checks;

/// <summary>One row that a committed transaction wrote, as a trigger of the database saw it.</summary>
/// <param name="Row">In the order written.</param>
/// <param name="Kind"><c>message</c>, <c>membership</c> or <c>conversation</c>.</param>
/// <param name="ConversationId">Where.</param>
/// <param name="Subject">Id of the message or of the member.</param>
/// <param name="Author">Of a message.</param>
/// <param name="Number">Of a message; at which a member joined; head of a conversation.</param>
/// <param name="Seq">The change; of a conversation its own last one.</param>
/// <param name="Head">Of a conversation: the counter of changes.</param>
/// <param name="Body">Of a message.</param>
/// <param name="Version">Of a message; of a membership, after which number messages are visible.</param>
/// <param name="EndedAt">When a message was removed, or a member left.</param>
/// <param name="Delivered">Of a membership.</param>
/// <param name="Read">Of a membership; of a conversation, the counter of receipts.</param>
internal sealed record AuditRow(
    long Row,
    string Kind,
    byte[] ConversationId,
    byte[] Subject,
    byte[]? Author,
    long Number,
    long Seq,
    long Head,
    string? Body,
    long Version,
    long? EndedAt,
    long Delivered,
    long Read);
