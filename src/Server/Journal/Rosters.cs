using System.Collections.Concurrent;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Journal;

/// <summary>
/// Who is in a conversation, remembered between transactions. A remembered roster counts only if its version equals the
/// one just read in the caller's own transaction, so a member removed on any node is out at once.
/// </summary>
internal sealed class Rosters
{
    /// <summary>Members remembered over all rosters; beyond it all is forgotten and read again. About 60 MB.</summary>
    private const int MembersMax = 500_000;

    private const string Sql = """
        SELECT m.account_id, m.role, m.visible_after, m.joined_number, m.muted_until, a.sends_read_receipts
        FROM membership m
        JOIN account a ON a.id = m.account_id
        WHERE m.conversation_id = @conversation
          AND m.left_at IS NULL
          AND a.deactivated_at IS NULL
        ORDER BY m.account_id
        """;

    private readonly ConcurrentDictionary<ConversationId, Roster> _known = new();
    private int _members;

    /// <summary>The roster at the given version. Ask before the transaction itself changes the membership.</summary>
    public async ValueTask<Roster> OfAsync(Snapshot view, ConversationId conversation, long version)
    {
        if (_known.TryGetValue(conversation, out var known) && known.Version == version)
            return known;

        var roster = await ReadAsync(view, conversation, version);
        if (Interlocked.Add(ref _members, roster.Members.Count) > MembersMax)
        {
            _known.Clear();
            Interlocked.Exchange(ref _members, roster.Members.Count);
        }

        _known[conversation] = roster;
        return roster;
    }

    /// <summary>Reads without remembering: for the transaction that has just changed the membership.</summary>
    public static async Task<Roster> ReadAsync(Snapshot view, ConversationId conversation, long version) =>
        new(version, await view.QueryAsync<Member>(Sql, new { conversation }));

    /// <summary>Voids the rosters an account is in, because something about the account changed that they
    /// carry.</summary>
    public static Task OutdateAsync(Transaction turn, AccountId account) => turn.ExecuteAsync("""
        UPDATE conversation
        SET roster_version = roster_version + 1
        WHERE id IN (SELECT conversation_id FROM membership WHERE account_id = @account AND left_at IS NULL)
        """, new { account });
}
