using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>The present state of one message.</summary>
/// <param name="Id">Made by the author's client. Rule MS-1.</param>
/// <param name="ConversationId">Where it was said.</param>
/// <param name="Number">Position among the conversation's messages, from 1, without gaps. Rule MS-2.</param>
/// <param name="AuthorId">Who said it.</param>
/// <param name="Body">Plain text; null once removed.</param>
/// <param name="SentAt">Server time of acceptance; never changes.</param>
/// <param name="EditedAt">Server time of the last edit; null when never edited.</param>
/// <param name="RemovedAt">Server time of removal; null while it stands.</param>
/// <param name="RemovedBy">Who removed it; null while it stands.</param>
/// <param name="ExpiredAt">Server time at which it had been undelivered for 7 days; null otherwise. Rule EX-1.</param>
/// <param name="Version">Counts edits and removal, from 1; for <see cref="EditMessageRequest"/>.</param>
/// <param name="ChangedSeq">The change that made it so. Rule SY-2.</param>
public sealed record Message(
    MessageId Id,
    ConversationId ConversationId,
    long Number,
    AccountId AuthorId,
    string? Body,
    DateTimeOffset SentAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? RemovedAt,
    AccountId? RemovedBy,
    DateTimeOffset? ExpiredAt,
    int Version,
    long ChangedSeq);

/// <summary>
/// Sends a message. Asking again with the same id and body answers the first result, for ever.
/// Refusals: notFound, empty, tooLong, idTaken, archived, muted, tooManyRequests, overloaded, storageFull.
/// </summary>
/// <remarks>Rules MS-1 to MS-4; requirements RT-04, RT-07.</remarks>
public sealed record SendMessageRequest(MessageId Id, ConversationId ConversationId, string Body);

/// <summary>The ack: the message is on disk.</summary>
/// <param name="Id">As sent.</param>
/// <param name="ConversationId">As sent.</param>
/// <param name="Number">The number it got; the first time, if it was sent before.</param>
/// <param name="Seq">The change by which it was stored. Rule SY-1.</param>
/// <param name="SentAt">Server time of acceptance; of the first time, if it was sent before.</param>
public sealed record MessageSent(
    MessageId Id, ConversationId ConversationId, long Number, long Seq, DateTimeOffset SentAt);

/// <summary>Replaces the body of one's own message. Refusals: notFound, forbidden, removed, versionConflict, empty,
/// tooLong, archived.</summary>
/// <param name="ConversationId">Where.</param>
/// <param name="Id">Which.</param>
/// <param name="Body">The new text.</param>
/// <param name="Version">The version the author saw; another one is answered with versionConflict. Null:
/// overwrite.</param>
public sealed record EditMessageRequest(ConversationId ConversationId, MessageId Id, string Body, int? Version);

/// <summary>Removes a message: one's own, or any in a group one owns. The text is gone; that it was there is kept.
/// Removing again answers the same. Refusals: notFound, forbidden.</summary>
public sealed record RemoveMessageRequest(ConversationId ConversationId, MessageId Id);

/// <summary>Which way to read from a number.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<HistoryDirection>))]
public enum HistoryDirection
{
    /// <summary>Messages before the number (or the last ones, without a number).</summary>
    Before,

    /// <summary>Messages after the number.</summary>
    After,

    /// <summary>The message with the number, with half a page on each side; for permalinks.</summary>
    Around,
}

/// <summary>Asks for a page of messages. Rule HI-1; requirements HI-01, HI-02. Refusals: notFound, invalid.</summary>
/// <param name="ConversationId">Where.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Number">From where; null with <c>before</c> means the end.</param>
/// <param name="Count">1 to 100; 50 for the first page and 20 for others when left out.</param>
public sealed record GetHistoryRequest(
    ConversationId ConversationId, HistoryDirection Direction, long? Number, int? Count);

/// <summary>A page of messages in number order. Pages never overlap and never skip, whatever is written
/// meanwhile.</summary>
/// <param name="Items">At most the asked count.</param>
/// <param name="HasBefore">Whether older ones exist that the caller may see.</param>
/// <param name="HasAfter">Whether newer ones exist.</param>
public sealed record HistoryPage(IReadOnlyList<Message> Items, bool HasBefore, bool HasAfter);

/// <summary>The body of <c>POST /conversations/{conversationId}/messages</c>; see
/// <see cref="SendMessageRequest"/>.</summary>
public sealed record SendBody(MessageId Id, string Body);

/// <summary>The body of <c>PATCH /conversations/{conversationId}/messages/{id}</c>; see
/// <see cref="EditMessageRequest"/>.</summary>
public sealed record EditBody(string Body, int? Version);
