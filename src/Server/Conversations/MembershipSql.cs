using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Conversations;

/// <summary>Reading memberships. The primary key serves all of it.</summary>
internal static class MembershipSql
{
    /// <summary>The present memberships of some people, in account order.</summary>
    public static async Task<IReadOnlyList<Membership>> OfAsync(
        Snapshot view, ConversationId conversation, IReadOnlyList<AccountId> accounts)
    {
        if (accounts.Count == 0)
            return [];

        var rows = await view.QueryAsync<MembershipRow>($"""
            SELECT {MembershipRow.Columns}
            FROM membership m
            JOIN account a ON a.id = m.account_id
            WHERE m.conversation_id = @conversation AND m.account_id {view.In(nameof(accounts))}
            ORDER BY m.account_id
            """, new { conversation, accounts = view.Ids(accounts) });
        return [.. rows.Select(row => row.ToWire())];
    }

    /// <summary>A page of active memberships, in account order.</summary>
    public static Task<IReadOnlyList<MembershipRow>> PageAsync(
        Snapshot view, ConversationId conversation, AccountId after, int limit) =>
        view.QueryAsync<MembershipRow>($"""
            SELECT {MembershipRow.Columns}
            FROM membership m
            JOIN account a ON a.id = m.account_id
            WHERE m.conversation_id = @conversation AND m.account_id > @after AND m.left_at IS NULL
            ORDER BY m.account_id
            LIMIT @limit
            """, new { conversation, after, limit });

    /// <summary>Which of these are active accounts the caller may bring into a conversation.</summary>
    public static Task<IReadOnlyList<AccountId>> ReachableAsync(
        Snapshot view, AccountId caller, bool isStaff, IReadOnlyList<AccountId> accounts) =>
        view.QueryAsync<AccountId>($"""
            SELECT a.id
            FROM account a
            WHERE a.id {view.In(nameof(accounts))}
              AND a.deactivated_at IS NULL
              AND (@isStaff = 1 OR a.role <> 'member' OR EXISTS (
                  SELECT 1
                  FROM membership mine
                  JOIN membership theirs ON theirs.conversation_id = mine.conversation_id
                  WHERE mine.account_id = @caller AND mine.left_at IS NULL
                    AND theirs.account_id = a.id AND theirs.left_at IS NULL))
            ORDER BY a.id
            """, new { caller, isStaff = isStaff ? 1 : 0, accounts = view.Ids(accounts) });
}
