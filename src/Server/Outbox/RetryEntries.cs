using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>
/// Gives entries a fresh set of attempts, due now. The last error stays until the next one. Answers how many it were; a
/// running entry is left alone.
/// </summary>
internal sealed class RetryEntries(IDatabase database, OutboxNudge nudge, TimeProvider time)
{
    private const string Fresh = "SET failed_at = NULL, attempts = 0, due_at = @now, lease_until = NULL";

    /// <summary>One entry: failed, or waiting for its next attempt.</summary>
    public Task<int> OneAsync(long id, CancellationToken cancel) => WriteAsync(
        $"UPDATE outbox {Fresh} WHERE id = @id AND (lease_until IS NULL OR lease_until <= @now)", id, cancel);

    public Task<int> AllFailedAsync(CancellationToken cancel) => WriteAsync(
        $"UPDATE outbox {Fresh} WHERE failed_at IS NOT NULL", 0, cancel);

    private Task<int> WriteAsync(string sql, long id, CancellationToken cancel) => database.WriteAsync(turn =>
    {
        turn.AfterCommit(nudge.Nudge);
        return turn.ExecuteAsync(sql, new { id, now = time.GetUtcNow() });
    }, cancel);
}
