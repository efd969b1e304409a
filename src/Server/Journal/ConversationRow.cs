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
    /// <summary>For every SELECT over <c>conversation</c> that becomes a <see cref="ConversationRow"/>.</summary>
    public const string Columns = """
        id, kind, name, history, created_at, archived_at, member_count,
        head_seq, head_number, receipt_seq, roster_version, changed_seq
        """;

    public Conversation ToWire() =>
        new(Id, Kind, Name, History, (int)MemberCount, CreatedAt, ArchivedAt, ChangedSeq);
}
