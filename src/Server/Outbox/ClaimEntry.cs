using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>
/// Takes the next due entry for this process, so that no other runs it before the lease ends. One statement; index
/// <c>outbox_due</c>. Among processes the lease is only as good as their clocks agree: a clock set forward by more
/// than a lease may run an entry a second time beside the first, which handlers bear. Within a process it cannot
/// happen.
/// </summary>
internal sealed class ClaimEntry(
    IDatabase database, OutboxHandlers handlers, IOptions<OutboxOptions> options, TimeProvider time)
{
    /// <summary>More than clocks are corrected by while all is well.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, bool> _running = [];

    /// <summary>Null when nothing is due. Say <see cref="Ended"/> when the entry has been run.</summary>
    /// <param name="dueBy">Leaves what became due later; null takes whatever is due now.</param>
    /// <param name="cancel">Until the turn begins.</param>
    public async Task<OutboxEntry?> RunAsync(DateTimeOffset? dueBy, CancellationToken cancel)
    {
        if (handlers.Kinds.Count == 0)
            return null;

        while (true)
        {
            var entry = await database.WriteAsync(turn => ClaimAsync(turn, dueBy), cancel);
            // Two lanes may have read the list of running entries before either was on it: the second lets go.
            if (entry is null || _running.TryAdd(entry.Id, true))
                return entry;
        }
    }

    public void Ended(OutboxEntry entry) => _running.TryRemove(entry.Id, out _);

    /// <summary>
    /// Brings back what a clock that was set back has put out of reach: a lease, a backoff or a creation that lies
    /// further ahead than this server ever dates one.
    /// </summary>
    public Task<int> RecoverAsync(CancellationToken cancel) => database.WriteAsync(turn =>
    {
        var now = time.GetUtcNow();
        return turn.ExecuteAsync($"""
            UPDATE outbox
            SET due_at = @now, lease_until = NULL
            WHERE failed_at IS NULL
              AND NOT (id {turn.In("running")})
              AND (lease_until > @leaseEnd
                OR (attempts > 0 AND due_at > @backoffEnd)
                OR (due_at <= created_at AND created_at > @created))
            """, new
        {
            now,
            running = _running.Keys.ToArray(),
            leaseEnd = now + options.Value.Lease + Slack,
            backoffEnd = now + TimeSpan.FromSeconds(options.Value.BackoffSecondsMax) + Slack,
            created = now + Slack,
        });
    }, cancel);

    private Task<OutboxEntry?> ClaimAsync(Transaction turn, DateTimeOffset? dueBy)
    {
        var now = time.GetUtcNow();
        return turn.FirstOrDefaultAsync<OutboxEntry>($"""
            UPDATE outbox
            SET lease_until = @until, attempts = attempts + 1
            WHERE id = (
                SELECT id
                FROM outbox
                WHERE failed_at IS NULL
                  AND due_at <= @due
                  AND (lease_until IS NULL OR lease_until <= @now)
                  -- No bare column: SQLite would take the index of kinds, and sort all there are.
                  AND kind || '' {turn.In("kinds")}
                  AND NOT (id {turn.In("running")})
                ORDER BY due_at, id
                LIMIT 1
                {SkipLocked(turn)})
            RETURNING id, kind, subject, payload, attempts, lease_until
            """, new
        {
            now,
            due = dueBy is { } by && by < now ? by : now,
            until = now + options.Value.Lease,
            kinds = handlers.Kinds.ToArray(),
            running = _running.Keys.ToArray(),
        });
    }

    /// <summary>On PostgreSQL two who claim at once pass each other by; SQLite has a single writer.</summary>
    private static string SkipLocked(Transaction turn) =>
        turn.Database.Kind == "postgres" ? "FOR NO KEY UPDATE SKIP LOCKED" : "";
}
