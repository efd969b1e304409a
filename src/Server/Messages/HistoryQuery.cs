using Parley.Contract;

namespace Parley.Server.Messages;

/// <summary>The query string of a history page: at most one of before, after, around; and count.</summary>
internal sealed record HistoryQuery(long? Before, long? After, long? Around, int? Count)
{
    public GetHistoryRequest Of(ConversationId conversation) => this switch
    {
        { After: { } after } => new(conversation, HistoryDirection.After, after, Count),
        { Around: { } around } => new(conversation, HistoryDirection.Around, around, Count),
        _ => new(conversation, HistoryDirection.Before, Before, Count),
    };
}
