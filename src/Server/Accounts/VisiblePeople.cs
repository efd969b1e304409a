using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

/// <summary>
/// Who may see whom: the one place that decides it. Staff see everybody. Members see themselves, staff, and those they
/// share a conversation with, as long as they are in it themselves: also former members whose messages they may read.
/// </summary>
internal static class VisiblePeople
{
    /// <summary>
    /// A condition on <c>account p</c>; its parameter is <c>@Me</c>. Indexes: membership_account for the caller's
    /// conversations, the primary key of membership for the others in them.
    /// </summary>
    public static string Condition(Caller caller) => caller.IsStaff ? "1 = 1" : MemberCondition;

    private const string MemberCondition =
        """
        (p.id = @Me OR p.role <> 'member' OR EXISTS (
            SELECT 1
            FROM membership mine
            JOIN membership theirs ON theirs.conversation_id = mine.conversation_id
            WHERE mine.account_id = @Me AND mine.left_at IS NULL
              AND theirs.account_id = p.id
              AND (theirs.left_at IS NULL OR theirs.left_at > mine.joined_at OR mine.visible_after = 0)))
        """;
}
