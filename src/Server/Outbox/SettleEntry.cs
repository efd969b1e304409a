using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>
/// Writes down how an attempt ended. Each statement names the claim: who lost the lease changes nothing any more.
/// Once an attempt has run, its end is written even while the server stops.
/// </summary>
internal sealed class SettleEntry(
    IDatabase database, OutboxBackoff backoff, OutboxMetrics metrics, TimeProvider time, ILogger<SettleEntry> log)
{
    private const string ThisClaim = "id = @Id AND attempts = @Attempts AND lease_until = @LeaseUntil";

    public async Task<EntryEnd> DoneAsync(OutboxEntry entry)
    {
        await WriteAsync(entry, $"DELETE FROM outbox WHERE {ThisClaim}");
        metrics.Done(entry.Kind);
        return EntryEnd.Done;
    }

    /// <summary>The server stops: the attempt does not count, whoever comes next may take it at once.</summary>
    public async Task<EntryEnd> ReleaseAsync(OutboxEntry entry)
    {
        await WriteAsync(
            entry, $"UPDATE outbox SET lease_until = NULL, attempts = attempts - 1 WHERE {ThisClaim}");
        return EntryEnd.Released;
    }

    public async Task<EntryEnd> PostponeAsync(OutboxEntry entry, int attemptsMax, Exception error)
    {
        var delay = backoff.After(entry.Attempts);
        await WriteAsync(
            entry,
            $"UPDATE outbox SET lease_until = NULL, due_at = @due, last_error = @reason WHERE {ThisClaim}",
            OutboxTrouble.Describe(error),
            time.GetUtcNow() + delay);
        Log.AttemptFailed(log, entry.Id, entry.Kind, entry.Attempts, attemptsMax, delay.TotalMilliseconds, error);
        metrics.Postponed(entry.Kind);
        return EntryEnd.Postponed;
    }

    public async Task<EntryEnd> FailAsync(OutboxEntry entry, string reason, Exception? error)
    {
        await WriteAsync(
            entry,
            $"UPDATE outbox SET lease_until = NULL, failed_at = @now, last_error = @reason WHERE {ThisClaim}",
            reason);
        Log.EntryFailed(log, entry.Id, entry.Kind, entry.Attempts, error);
        metrics.Failed(entry.Kind);
        return EntryEnd.Failed;
    }

    private Task<int> WriteAsync(
        OutboxEntry entry, string sql, string? reason = null, DateTimeOffset? due = null) =>
        database.WriteAsync(turn => turn.ExecuteAsync(sql, new
        {
            entry.Id,
            entry.Attempts,
            entry.LeaseUntil,
            reason,
            due,
            now = time.GetUtcNow(),
        }), CancellationToken.None);
}

/// <summary>How an attempt ended.</summary>
internal enum EntryEnd
{
    Done,
    Postponed,
    Failed,
    Released,
    Unsettled,
}
