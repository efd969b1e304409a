using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>The account stream after a cursor (rule SY-7).</summary>
internal static class AccountCatchUp
{
    private const int Count = Limits.SyncConversationsMax;

    // Index membership_account.
    private const string MembershipsSql = """
        SELECT conversation_id, left_at, account_seq
        FROM membership
        WHERE account_id = @account AND account_seq > @after AND (@after > 0 OR left_at IS NULL)
        ORDER BY account_seq
        LIMIT @limit
        """;

    private const string NoticesSql = """
        SELECT conversation_id, message_id, number, undelivered, at, account_seq
        FROM notice
        WHERE account_id = @account AND account_seq > @after
        ORDER BY account_seq
        LIMIT @limit
        """;

    internal sealed record Read(AccountChanges Changes, bool SendsReadReceipts);

    /// <summary>Null when the cursor is ahead of the stream.</summary>
    public static async Task<Read?> ReadAsync(Snapshot view, AccountId account, long after)
    {
        var own = await view.SingleAsync<AccountRow>("""
            SELECT head_seq, settings_seq, presence, shows_last_seen, sends_read_receipts
            FROM account
            WHERE id = @account
            """, new { account });
        if (after > own.HeadSeq || after < 0)
            return null;

        if (after == own.HeadSeq && after > 0)
            return new(new(after, after, [], [], null, [], HasMore: false), own.SendsReadReceipts == 1);

        var page = new { account, after, limit = Count + 1 };
        var memberships = await view.QueryAsync<MembershipStep>(MembershipsSql, page);
        var notices = await view.QueryAsync<NoticeStep>(NoticesSql, page);
        var steps = memberships.Select(step => step.AccountSeq)
            .Concat(notices.Select(step => step.AccountSeq))
            .Order()
            .ToList();
        var upTo = steps.Count <= Count ? own.HeadSeq : steps[Count - 1];

        var joined = new List<ConversationSnapshot>();
        var left = new List<ConversationId>();
        foreach (var step in memberships.Where(step => step.AccountSeq <= upTo))
        {
            if (step.LeftAt is null && await Snapshots.ReadAsync(view, account, step.ConversationId) is { } snapshot)
                joined.Add(snapshot);
            else
                left.Add(step.ConversationId);
        }

        return new(
            new(
                after,
                upTo,
                joined,
                left,
                own.SettingsSeq > after || after == 0 ? own.ToWire() : null,
                [.. notices.Where(step => step.AccountSeq <= upTo).Select(step => step.ToWire())],
                HasMore: upTo < own.HeadSeq),
            own.SendsReadReceipts == 1);
    }

    private sealed record AccountRow(
        long HeadSeq, long SettingsSeq, PresenceChoice Presence, long ShowsLastSeen, long SendsReadReceipts)
    {
        public AccountSettings ToWire() => new(Presence, ShowsLastSeen == 1, SendsReadReceipts == 1);
    }

    private sealed record MembershipStep(ConversationId ConversationId, DateTimeOffset? LeftAt, long AccountSeq);

    private sealed record NoticeStep(
        ConversationId ConversationId,
        MessageId MessageId,
        long Number,
        long Undelivered,
        DateTimeOffset At,
        long AccountSeq)
    {
        public Notice ToWire() => new(ConversationId, MessageId, Number, (int)Undelivered, At);
    }
}
