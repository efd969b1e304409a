using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>Reading what presence depends on.</summary>
internal static class PresenceSql
{
    private const int IdsMax = 500;

    /// <summary>The rows of some accounts, by id; unknown ones are left out. The primary key serves it.</summary>
    public static async Task<IReadOnlyDictionary<AccountId, PresenceRow>> PeopleAsync(
        Snapshot view, IEnumerable<AccountId> accounts)
    {
        var people = new Dictionary<AccountId, PresenceRow>();
        foreach (var ids in accounts.Distinct().Chunk(IdsMax))
        {
            var rows = await view.QueryAsync<PresenceRow>($"""
                SELECT id, role, presence, shows_last_seen, last_seen_at, deactivated_at
                FROM account
                WHERE id {view.In("ids")}
                """, new { ids = view.Ids(ids) });
            foreach (var row in rows)
                people[row.Id] = row;
        }

        return people;
    }

    /// <summary>
    /// For each of the others who shares a conversation with this person, one they share. Index membership_account
    /// finds the person's conversations, the primary key the others in them; the first one found is enough.
    /// </summary>
    public static async Task<IReadOnlyDictionary<AccountId, ConversationId>> SharedAsync(
        Snapshot view, AccountId account, IEnumerable<AccountId> others)
    {
        var shared = new Dictionary<AccountId, ConversationId>();
        foreach (var ids in others.Distinct().Chunk(IdsMax))
        {
            var rows = await view.QueryAsync<SharedRow>($"""
                SELECT a.id AS account_id, (
                    SELECT theirs.conversation_id
                    FROM membership mine
                    JOIN membership theirs ON theirs.conversation_id = mine.conversation_id
                    WHERE mine.account_id = @account AND mine.left_at IS NULL
                      AND theirs.account_id = a.id AND theirs.left_at IS NULL
                    LIMIT 1) AS conversation_id
                FROM account a
                WHERE a.id {view.In("ids")}
                """, new { account, ids = view.Ids(ids) });
            foreach (var row in rows)
            {
                if (row.ConversationId is { } conversation)
                    shared[row.AccountId] = conversation;
            }
        }

        return shared;
    }

    /// <summary>The present versions of some conversations' rosters.</summary>
    public static async Task<IReadOnlyDictionary<ConversationId, long>> RosterVersionsAsync(
        Snapshot view, IEnumerable<ConversationId> conversations)
    {
        var versions = new Dictionary<ConversationId, long>();
        foreach (var ids in conversations.Distinct().Chunk(IdsMax))
        {
            var rows = await view.QueryAsync<VersionRow>(
                $"SELECT id, roster_version FROM conversation WHERE id {view.In("ids")}", new { ids = view.Ids(ids) });
            foreach (var row in rows)
                versions[row.Id] = row.RosterVersion;
        }

        return versions;
    }

    private sealed record SharedRow(AccountId AccountId, ConversationId? ConversationId);

    private sealed record VersionRow(ConversationId Id, long RosterVersion);
}
