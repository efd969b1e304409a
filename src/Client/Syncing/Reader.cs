using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>
/// Tells the server how far this device has stored and its person has read: at once the first time, then at most once a
/// second per conversation, the latest only (rules RC-1, RC-2). "Delivered" is said only of what is saved. Runs in the
/// mailbox.
/// </summary>
internal sealed class Reader(Mailbox mailbox, AccountId me, Cache cache)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HashSet<ConversationId> _resting = [];
    private readonly Dictionary<ConversationId, (long Delivered, long Read)> _told = [];
    private ClientState _saved = ClientState.Empty;
    private bool _isReachable;

    public required Func<AdvanceReceiptsRequest, CancellationToken, Task<Receipt>> Send { get; init; }

    public required Action<Receipt> Answered { get; init; }

    public void Reachable(bool isReachable)
    {
        _isReachable = isReachable;
        _told.Clear();
        Stored(_saved);
    }

    public void Stored(ClientState saved)
    {
        var before = _saved;
        _saved = saved;
        if (!_isReachable)
            return;

        foreach (var (id, state) in saved.Conversations)
        {
            if (!ReferenceEquals(before.Conversations.GetValueOrDefault(id), state) || !_told.ContainsKey(id))
                Tell(id);
        }
    }

    private void Tell(ConversationId id)
    {
        if (!_isReachable || _resting.Contains(id) || WhatToTell(id) is not { } advance)
            return;

        _told[id] = (advance.DeliveredNumber, advance.ReadNumber ?? _told.GetValueOrDefault(id).Read);
        _resting.Add(id);
        mailbox.Start(cancel => TellAsync(advance, cancel));
    }

    private AdvanceReceiptsRequest? WhatToTell(ConversationId id)
    {
        if (!_saved.Conversations.TryGetValue(id, out var saved)
            || !cache.Known.Conversations.TryGetValue(id, out var known))
            return null;

        var mine = known.Receipts.GetValueOrDefault(me);
        var told = _told.GetValueOrDefault(id);
        var delivered = Math.Max(mine?.DeliveredNumber ?? 0, told.Delivered);
        var read = Math.Max(mine?.ReadNumber ?? 0, told.Read);
        var wanted = Math.Min(saved.ReadWanted, saved.HeadNumber);
        var hasNews = saved.HeadNumber > delivered && HasOthers(saved, delivered);
        if (!hasNews && wanted <= read)
        {
            _told[id] = told;
            return null;
        }

        return new(id, saved.HeadNumber, wanted > read ? wanted : null);
    }

    /// <summary>Of one's own messages the server knows that one has them (rule RC-3).</summary>
    private bool HasOthers(ConversationState state, long above) =>
        above + 1 < state.FromNumber
        || state.Messages.Values.Reverse().TakeWhile(message => message.Number > above)
            .Any(message => message.AuthorId != me);

    private async Task TellAsync(AdvanceReceiptsRequest advance, CancellationToken cancel)
    {
        var id = advance.ConversationId;
        var pause = Pause;
        try
        {
            var receipt = await Send(advance, cancel).ConfigureAwait(false);
            mailbox.Post(() => Answered(receipt));
        }
        catch (ParleyUnreachableException)
        {
            mailbox.Post(() => _told.Remove(id));
        }
        catch (ParleyRefusalException refusal) when (refusal.RetryAfter is { } wait)
        {
            pause = wait > pause ? wait : pause;
            mailbox.Post(() => _told.Remove(id));
        }
        catch (ParleyRefusalException)
        {
            // Not a member any more: the account stream will say so.
        }

        mailbox.Later(pause, () =>
        {
            _resting.Remove(id);
            Tell(id);
        });
    }
}
