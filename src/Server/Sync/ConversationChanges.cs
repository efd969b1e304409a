using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>
/// What lies after a cursor: the subjects that moved, with their present state (rule SY-2). The cost follows what
/// moved, not how long the conversation is.
/// </summary>
internal static class ConversationChanges
{
    private const int Count = Limits.ChangesPageCount;

    private const string MembershipsSql = $"""
        SELECT {MembershipRow.Columns}
        FROM membership m
        JOIN account a ON a.id = m.account_id
        WHERE m.conversation_id = @Id AND m.changed_seq > @after
        ORDER BY m.changed_seq
        LIMIT @limit
        """;

    /// <summary>One page. The caller has checked that the cursor is not ahead of the head.</summary>
    public static async Task<Changes> ReadAsync(Snapshot view, ConversationRow row, long visibleAfter, long after)
    {
        var firstNumber = Math.Max(visibleAfter, row.HeadNumber - (row.HeadSeq - after));
        var inserted = await MessageSql.InsertedAsync(view, row.Id, firstNumber, after, Count + 1);
        var moved = await MessageSql.MovedAsync(view, row.Id, visibleAfter, after, Count + 1);
        var memberships = await view.QueryAsync<MembershipRow>(
            MembershipsSql, new { row.Id, after, limit = Count + 1 });

        var upTo = EndOfPage(row, inserted, moved, memberships);
        var messages = inserted.Where(message => message.Seq <= upTo)
            .Concat(moved.Where(message => message.ChangedSeq <= upTo))
            .OrderBy(message => message.Number);
        return new(
            row.Id,
            after,
            upTo,
            HeadNumberAt(row, inserted, upTo),
            row.ChangedSeq > after && row.ChangedSeq <= upTo ? row.ToWire() : null,
            [.. memberships.Where(member => member.ChangedSeq <= upTo).Select(member => member.ToWire())],
            [.. messages.Select(message => message.ToWire())],
            HasMore: upTo < row.HeadSeq);
    }

    /// <summary>The head if everything fits; else the step of the last subject that fits. No two subjects share a
    /// step.</summary>
    private static long EndOfPage(
        ConversationRow row,
        IReadOnlyList<MessageRow> inserted,
        IReadOnlyList<MessageRow> moved,
        IReadOnlyList<MembershipRow> memberships)
    {
        var steps = inserted.Select(message => message.Seq)
            .Concat(moved.Select(message => message.ChangedSeq!.Value))
            .Concat(memberships.Select(membership => membership.ChangedSeq))
            .Order()
            .ToList();
        return steps.Count <= Count ? row.HeadSeq : steps[Count - 1];
    }

    private static long HeadNumberAt(ConversationRow row, IReadOnlyList<MessageRow> inserted, long upTo)
    {
        if (upTo == row.HeadSeq)
            return row.HeadNumber;

        var next = inserted.FirstOrDefault(message => message.Seq > upTo);
        return next is null ? row.HeadNumber : next.Number - 1;
    }
}
