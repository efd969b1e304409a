using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>
/// Writes down when people were last seen: many in one transaction, never back, never in the future, and not while they
/// are invisible (rules PR-2 and PR-4).
/// </summary>
internal sealed class SaveLastSeen(IDatabase database, TimeProvider time, ILogger<SaveLastSeen> log)
{
    private const int PeopleMax = 256;
    private bool _isTroubled;

    /// <summary>False when they are to be kept and tried again.</summary>
    public async Task<bool> RunAsync(IReadOnlyDictionary<AccountId, DateTimeOffset> seenAt)
    {
        try
        {
            foreach (var people in seenAt.OrderBy(person => person.Key.Value).Chunk(PeopleMax))
                await database.WriteAsync(turn => WriteAsync(turn, people), CancellationToken.None);

            _isTroubled = false;
            return true;
        }
#pragma warning disable CA1031 // Presence goes on from memory while the disk is full or the database away.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!_isTroubled)
                Log.LastSeenNotSaved(log, seenAt.Count, error);

            _isTroubled = true;
            return false;
        }
    }

    /// <summary>Moves one person's forward, inside the caller's transaction.</summary>
    public static Task<int> MoveAsync(Transaction turn, AccountId account, DateTimeOffset seenAt) =>
        turn.ExecuteAsync("""
            UPDATE account
            SET last_seen_at = @seenAt
            WHERE id = @account AND presence <> 'invisible' AND (last_seen_at IS NULL OR last_seen_at < @seenAt)
            """, new { account, seenAt });

    private async Task<bool> WriteAsync(Transaction turn, KeyValuePair<AccountId, DateTimeOffset>[] people)
    {
        var now = time.GetUtcNow();
        foreach (var (account, seenAt) in people)
            await MoveAsync(turn, account, seenAt < now ? seenAt : now);

        return true;
    }
}
