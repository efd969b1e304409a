using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Conversations;

/// <summary>
/// One verb's turn on a conversation: it holds the row, collects what moved, gives each its own step of <c>seq</c>, and
/// at the end writes the counters and tells the members.
/// </summary>
internal sealed class ConversationTurn(
    Transaction transaction, ConversationHead head, AccountStream streams, DateTimeOffset now)
{
    private readonly List<AccountId> _movedMembers = [];
    private ConversationRow _row = head.Row;
    private bool _rosterMoved;

    public Transaction Transaction { get; } = transaction;

    public ConversationRow Row => _row;

    public DateTimeOffset Now { get; } = now;

    /// <summary>Makes a person a member; again, if the person was one before.</summary>
    public async Task JoinAsync(AccountId account, MembershipRole role)
    {
        await Transaction.ExecuteAsync("""
            INSERT INTO membership (
                conversation_id, account_id, role, joined_at, joined_number, visible_after,
                changed_seq, account_seq, delivered_number, read_number)
            VALUES (
                @conversation, @account, @role, @now, @number, @visibleAfter,
                @seq, @accountSeq, @number, @number)
            ON CONFLICT (conversation_id, account_id) DO UPDATE
            SET role = excluded.role, joined_at = excluded.joined_at, joined_number = excluded.joined_number,
                visible_after = excluded.visible_after, left_at = NULL, changed_seq = excluded.changed_seq,
                account_seq = excluded.account_seq, delivered_number = excluded.delivered_number,
                read_number = excluded.read_number, delivered_at = NULL, read_at = NULL
            """, new
        {
            conversation = _row.Id,
            account,
            role = role.Word(),
            now = Now,
            number = head.Number,
            visibleAfter = _row.History == HistoryPolicy.All ? 0 : head.Number,
            seq = head.NextSeq(),
            accountSeq = await streams.NextAsync(Transaction, account),
        });
        Moved(account, members: +1);
    }

    /// <summary>Ends a membership. The person is told on the own stream, and on no other way.</summary>
    public async Task LeaveAsync(AccountId account)
    {
        await Transaction.ExecuteAsync("""
            UPDATE membership
            SET left_at = @now, changed_seq = @seq, account_seq = @accountSeq
            WHERE conversation_id = @conversation AND account_id = @account
            """, new
        {
            conversation = _row.Id,
            account,
            now = Now,
            seq = head.NextSeq(),
            accountSeq = await streams.NextAsync(Transaction, account),
        });
        Moved(account, members: -1);
    }

    public async Task SetRoleAsync(AccountId account, MembershipRole role)
    {
        await Transaction.ExecuteAsync("""
            UPDATE membership
            SET role = @role, changed_seq = @seq
            WHERE conversation_id = @conversation AND account_id = @account
            """, new { conversation = _row.Id, account, role = role.Word(), seq = head.NextSeq() });
        Moved(account, members: 0);
    }

    public void Rename(string name) => _row = _row with { Name = name };

    public void SetArchived(bool archived) => _row = _row with { ArchivedAt = archived ? Now : null };

    /// <summary>Writes what moved and tells the members who are left. Nothing moved: nothing is written or
    /// told.</summary>
    public async Task SaveAsync(ChangePusher pusher)
    {
        if (_row == head.Row && !_rosterMoved)
            return;

        if (_row != head.Row)
            _row = _row with { ChangedSeq = head.NextSeq() };

        _row = _row with { HeadSeq = head.Seq, RosterVersion = _row.RosterVersion + (_rosterMoved ? 1 : 0) };
        await Transaction.ExecuteAsync("""
            UPDATE conversation
            SET name = @Name, archived_at = @ArchivedAt, member_count = @MemberCount,
                head_seq = @HeadSeq, roster_version = @RosterVersion, changed_seq = @ChangedSeq
            WHERE id = @Id
            """, new
        {
            _row.Name,
            _row.ArchivedAt,
            _row.MemberCount,
            _row.HeadSeq,
            _row.RosterVersion,
            _row.ChangedSeq,
            _row.Id,
        });
        var roster = await Rosters.ReadAsync(Transaction, _row.Id, _row.RosterVersion);
        pusher.PushAfterCommit(Transaction, roster, new(
            _row.Id,
            head.Row.HeadSeq,
            head.Seq,
            head.Number,
            _row.ChangedSeq > head.Row.HeadSeq ? _row.ToWire() : null,
            await MembershipSql.OfAsync(Transaction, _row.Id, _movedMembers),
            [],
            HasMore: false));
    }

    private void Moved(AccountId account, int members)
    {
        _movedMembers.Add(account);
        _rosterMoved = true;
        _row = _row with { MemberCount = _row.MemberCount + members };
    }
}
