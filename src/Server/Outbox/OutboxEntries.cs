using System.Text.Json;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>Writes down work that must follow a commit, in the transaction that causes it (rule EX-3).</summary>
internal sealed class OutboxEntries(OutboxNudge nudge, TimeProvider time)
{
    /// <param name="turn">The causing transaction: both are kept, or neither.</param>
    /// <param name="kind">Of a registered <see cref="IOutboxHandler"/>.</param>
    /// <param name="subject">What it is about. The same kind and subject again is the same work, and changes
    /// nothing.</param>
    /// <param name="payload">Ids and numbers. Never what people wrote: it stays on disk while the entry fails.</param>
    /// <param name="due">Not before; the worker is woken at once when that is now.</param>
    public async Task AddAsync(Transaction turn, string kind, string subject, object payload, DateTimeOffset due)
    {
        var now = time.GetUtcNow();
        await turn.ExecuteAsync("""
            INSERT INTO outbox (kind, subject, payload, created_at, due_at)
            VALUES (@kind, @subject, @text, @now, @due)
            ON CONFLICT (kind, subject) DO NOTHING
            """, new { kind, subject, text = JsonSerializer.Serialize(payload, WireJson.Options), now, due });
        if (due <= now)
            turn.AfterCommit(nudge.Nudge);
    }
}
