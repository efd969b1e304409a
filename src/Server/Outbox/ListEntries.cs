using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>What waits and what failed, for an operator. The table holds undone work only.</summary>
internal sealed class ListEntries(IDatabase database)
{
    public Task<IReadOnlyList<WaitingEntry>> RunAsync(int limit, CancellationToken cancel) =>
        database.ReadAsync(view => view.QueryAsync<WaitingEntry>("""
            SELECT id, kind, subject, due_at, lease_until, attempts, last_error, failed_at
            FROM outbox
            ORDER BY CASE WHEN failed_at IS NULL THEN 1 ELSE 0 END, due_at, id
            LIMIT @limit
            """, new { limit }), cancel);
}

/// <summary>An entry that is not done: waiting, running (leased) or failed.</summary>
internal sealed record WaitingEntry(
    long Id,
    string Kind,
    string Subject,
    DateTimeOffset DueAt,
    DateTimeOffset? LeaseUntil,
    long Attempts,
    string? LastError,
    DateTimeOffset? FailedAt);
