using Parley.Contract;

namespace Parley.Server.Journal;

/// <summary>A membership with its watermarks, and whether its person lets others know what was read.</summary>
internal sealed record MembershipRow(
    ConversationId ConversationId,
    AccountId AccountId,
    MembershipRole Role,
    DateTimeOffset JoinedAt,
    long JoinedNumber,
    DateTimeOffset? LeftAt,
    long ChangedSeq,
    long DeliveredNumber,
    long ReadNumber,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt,
    long ReceiptSeq,
    long SendsReadReceipts)
{
    /// <summary>For every SELECT over <c>membership m JOIN account a</c> that becomes a
    /// <see cref="MembershipRow"/>.</summary>
    public const string Columns = """
        m.conversation_id, m.account_id, m.role, m.joined_at, m.joined_number, m.left_at, m.changed_seq,
        m.delivered_number, m.read_number, m.delivered_at, m.read_at, m.receipt_seq, a.sends_read_receipts
        """;

    public Membership ToWire() =>
        new(ConversationId, AccountId, Role, JoinedAt, JoinedNumber, LeftAt, ChangedSeq);

    /// <summary>The receipt as one viewer may see it: who hides reading neither shows it nor sees it (rule
    /// RC-6).</summary>
    public Receipt ToReceipt(AccountId viewer, bool viewerSendsReadReceipts)
    {
        var showsReading = viewer == AccountId || (SendsReadReceipts == 1 && viewerSendsReadReceipts);
        return new(
            ConversationId,
            AccountId,
            DeliveredNumber,
            showsReading ? ReadNumber : 0,
            DeliveredAt,
            showsReading ? ReadAt : null);
    }
}
