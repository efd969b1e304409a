using Microsoft.Extensions.Options;
using Parley.Server.Storage;

namespace Parley.Server.Outbox;

/// <summary>Makes one attempt at a claimed entry, and writes down how it ended.</summary>
internal sealed class RunEntry(
    OutboxHandlers handlers,
    SettleEntry settle,
    IOptions<OutboxOptions> options,
    TimeProvider time,
    ILogger<RunEntry> log)
{
    public async Task<EntryEnd> RunAsync(OutboxEntry entry, CancellationToken cancel)
    {
        try
        {
            return await AttemptAsync(entry, cancel);
        }
        catch (StorageTrouble trouble)
        {
            // The work may be done; only its end is not written. The lease runs out, and it is done again.
            Log.EntryUnsettled(log, entry.Id, entry.Kind, trouble);
            return EntryEnd.Unsettled;
        }
    }

    private async Task<EntryEnd> AttemptAsync(OutboxEntry entry, CancellationToken cancel)
    {
        // Attempts are counted when they begin: what ends the process each time must not do so for ever.
        var attemptsMax = handlers.AttemptsMaxOf(entry.Kind);
        if (entry.Attempts > attemptsMax)
            return await settle.FailAsync(entry, "The process ended during the last attempt.", null);

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.AttemptSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await handlers.Of(entry.Kind).RunAsync(entry, either.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return await settle.ReleaseAsync(entry);
        }
#pragma warning disable CA1031 // Whatever a handler throws is a failed attempt of its entry, and of no other.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error is OutboxTrouble { IsFinal: true } || entry.Attempts >= attemptsMax
                ? await settle.FailAsync(entry, OutboxTrouble.Describe(error), error)
                : await settle.PostponeAsync(entry, attemptsMax, error);
        }

        return await settle.DoneAsync(entry);
    }
}
