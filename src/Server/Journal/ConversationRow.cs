using Parley.Contract;

namespace Parley.Server.Journal;

/// <summary>The columns of a conversation.</summary>
internal sealed record ConversationRow(
    ConversationId Id,
    ConversationKind Kind,
    string? Name,
    HistoryPolicy History,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ArchivedAt,
    long MemberCount,
    long HeadSeq,
    long HeadNumber,
    long ReceiptSeq,
    long RosterVersion,
    long ChangedSeq)
{
    public Conversation ToWire() =>
        new(Id, Kind, Name, History, (int)MemberCount, CreatedAt, ArchivedAt, ChangedSeq);
}
