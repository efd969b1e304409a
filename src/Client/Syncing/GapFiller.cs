using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>Fetches, page by page, what lies between a conversation's cursor and the server's head (rule SY-3). One
/// at a time per conversation. Runs in the mailbox; only waiting for answers happens outside.</summary>
internal sealed class GapFiller(Mailbox mailbox, Cache cache, HeldChanges held)
{
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromSeconds(1);

    private readonly HashSet<ConversationId> _filling = [];

    public required Func<IDoor> Door { get; init; }

    public required Action<Changes> Take { get; init; }

    /// <summary>Asks for a whole sync, when one conversation's pages do not explain what is missing.</summary>
    public required Action Request { get; init; }

    public bool IsBusy => _filling.Count > 0;

    public void Fill(ConversationId id)
    {
        if (_filling.Add(id))
            mailbox.Start(cancel => FillAsync(id, cancel));
    }

    private async Task FillAsync(ConversationId id, CancellationToken cancel)
    {
        try
        {
            while (cache.Known.Conversations.TryGetValue(id, out var known))
            {
                var page = await Door().CallAsync(Verbs.Changes, new(id, known.Seq), cancel).ConfigureAwait(false);
                if (!await mailbox.AskAsync(() => TakePage(page, known.Seq)).ConfigureAwait(false))
                    break;
            }
        }
        catch (ParleyUnreachableException)
        {
            // The next connection catches up.
        }
        catch (ParleyRefusalException refusal)
        {
            mailbox.Later(refusal.RetryAfter ?? PauseAfterRefusal, () =>
            {
                if (refusal.Code is RefusalCode.NotFound or RefusalCode.Invalid)
                    Request();
                else
                    Fill(id);
            });
        }
        finally
        {
            mailbox.Post(() => _filling.Remove(id));
        }
    }

    /// <summary>Takes one page; true when there is more to ask for.</summary>
    private bool TakePage(Changes page, long after)
    {
        var id = page.ConversationId;
        Take(page);
        if (!page.HasMore && page.Seq <= after && held.Has(id))
        {
            // What is held continues from something the server does not have.
            held.Forget(id);
            Request();
        }

        if (page.HasMore ? page.Seq > after : held.Has(id))
            return true;

        // Here and not when the task ends: whoever asks for more from now on must find nobody at it.
        _filling.Remove(id);
        return false;
    }
}
