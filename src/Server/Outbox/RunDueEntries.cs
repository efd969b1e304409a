using Microsoft.Extensions.Options;

namespace Parley.Server.Outbox;

/// <summary>Claims and runs entries until none is due.</summary>
internal sealed class RunDueEntries(
    ClaimEntry claim, RunEntry run, OutboxNudge nudge, IOptions<OutboxOptions> options, TimeProvider time)
{
    /// <summary>What is due now, once, with as many lanes as the worker has: the operator's command.</summary>
    public async Task<OutboxSummary> RunAsync(CancellationToken cancel)
    {
        await RecoverAsync(cancel);
        var now = time.GetUtcNow();
        var lanes = await Task.WhenAll(
            Enumerable.Range(0, options.Value.ConcurrencyMax).Select(_ => DrainAsync(now, cancel)));
        return OutboxSummary.Of(lanes.SelectMany(ends => ends));
    }

    /// <summary>See <see cref="ClaimEntry.RecoverAsync"/>.</summary>
    public Task RecoverAsync(CancellationToken cancel) => claim.RecoverAsync(cancel);

    /// <summary>
    /// One lane: one entry after the other. Each claim wakes another lane, so that a burst gets all of them.
    /// </summary>
    public async Task<IReadOnlyList<EntryEnd>> DrainAsync(DateTimeOffset? dueBy, CancellationToken cancel)
    {
        var ends = new List<EntryEnd>();
        while (!cancel.IsCancellationRequested && await claim.RunAsync(dueBy, cancel) is { } entry)
        {
            nudge.Nudge();
            try
            {
                ends.Add(await run.RunAsync(entry, cancel));
            }
            finally
            {
                claim.Ended(entry);
            }
        }

        return ends;
    }
}

/// <summary>How a run went. Counts of attempts.</summary>
internal sealed record OutboxSummary(int Done, int Postponed, int Failed, int Unsettled)
{
    public static OutboxSummary Of(IEnumerable<EntryEnd> ends)
    {
        var counts = ends.CountBy(end => end).ToDictionary();
        return new(Count(EntryEnd.Done), Count(EntryEnd.Postponed), Count(EntryEnd.Failed), Count(EntryEnd.Unsettled));

        int Count(EntryEnd end) => counts.GetValueOrDefault(end);
    }
}
