using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>
/// Keeps the cache equal to the server: takes pushes and acks in order (rule SY-3), fills gaps, and catches up after a
/// reconnect in one request (SY-4). Live is a hint, catch-up is the truth: every push may be lost, late or doubled.
/// Runs in the mailbox; only waiting for answers happens outside.
/// </summary>
internal sealed class Sync
{
    /// <summary>How long a gap may close by itself before it is fetched.</summary>
    public static readonly TimeSpan GapPatience = TimeSpan.FromMilliseconds(200);

    private readonly Mailbox _mailbox;
    private readonly AccountId _me;
    private readonly Cache _cache;
    private readonly HeldChanges _held = new();
    private readonly GapFiller _gaps;
    private readonly Comparison _comparison;
    private readonly HashSet<ConversationId> _patient = [];
    private Task _turn = Task.CompletedTask;
    private bool _isRequested;

    public Sync(Mailbox mailbox, AccountId me, Cache cache)
    {
        (_mailbox, _me, _cache) = (mailbox, me, cache);
        _comparison = new(cache);
        _gaps = new(mailbox, cache, _held)
        {
            Door = () => Door!(), // Not null: required.
            Take = TakePush,
            Request = Request,
        };
    }

    /// <summary>Where to ask when no door is given.</summary>
    public required Func<IDoor> Door { get; init; }

    /// <summary>Told after the cache moved.</summary>
    public required Action Moved { get; init; }

    public required Action<ClientEvent> Raised { get; init; }

    /// <summary>
    /// One reconnect's worth of catching up. Runs after those before it; throws when it did not succeed.
    /// </summary>
    public async Task RunAsync(IDoor door, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(_mailbox.Promises);
        var before = Interlocked.Exchange(ref _turn, done.Task);
        try
        {
            await Waits.ForAsync(before, cancel).ConfigureAwait(false);
            await CatchUpAsync(door, cancel).ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <summary>Takes a conversation that an answer brought.</summary>
    public void Join(ConversationSnapshot snapshot)
    {
        Take(snapshot);
        Moved();
    }

    /// <summary>Takes one's own act, as its answer tells it: a change from the seq before to its own.</summary>
    public void Take(Message message)
    {
        if (message.ChangedSeq <= 0)
            return;

        var seq = message.ChangedSeq;
        Take(new Changes(message.ConversationId, seq - 1, seq, message.Number, null, [], [message], HasMore: false));
        Moved();
    }

    public void Take(Receipt receipt)
    {
        if (_cache.Known.Conversations.TryGetValue(receipt.ConversationId, out var known))
            _cache.Put(Apply.To(known, receipt));
        Moved();
    }

    /// <summary>Fetches what lies after the cursor.</summary>
    public void Fill(ConversationId id) => _gaps.Fill(id);

    /// <summary>
    /// Takes a step of the account stream, or asks when it does not continue from the cursor. Rule SY-7.
    /// </summary>
    public void TakePush(AccountChanges changes)
    {
        if (changes.AfterSeq > _cache.Known.AccountSeq || (changes.HasMore && changes.Seq >= _cache.Known.AccountSeq))
            Request();
        else
            Take(changes);
        Moved();
    }

    /// <summary>Syncs when the heads are not those the server names. Rule SY-5.</summary>
    public void Compare(Heartbeat heartbeat)
    {
        if (_comparison.IsBehind(heartbeat, _gaps.IsBusy))
            Request();
    }

    private void Request()
    {
        if (_isRequested)
            return;

        _isRequested = true;
        _mailbox.Start(async cancel =>
        {
            try
            {
                await RunAsync(Door(), cancel).ConfigureAwait(false);
            }
            catch (Exception error) when (error is ParleyUnreachableException or ParleyRefusalException)
            {
                // The next connection or heartbeat asks again.
            }
            finally
            {
                _mailbox.Post(() => _isRequested = false);
            }
        });
    }

    private async Task CatchUpAsync(IDoor door, CancellationToken cancel)
    {
        var rest = new Queue<ConversationCursor[]>(CursorsOf(_cache.Known).Chunk(Limits.SyncCursorsMax));
        bool hasMore;
        do
        {
            var asked = _cache.Known;
            var cursors = rest.TryDequeue(out var some) ? some : [];
            var reply = await door.CallAsync(Verbs.Sync, new(asked.Epoch, asked.AccountSeq, cursors), cancel)
                .ConfigureAwait(false);
            var isReset = await _mailbox.AskAsync(() => Take(asked, reply)).ConfigureAwait(false);
            if (isReset)
                rest.Clear();
            hasMore = rest.Count > 0 || (reply.Account.HasMore && (isReset || reply.Account.Seq > asked.AccountSeq));
        }
        while (hasMore);

        _mailbox.Post(_comparison.Synced);
    }

    private static IEnumerable<ConversationCursor> CursorsOf(ClientState state) =>
        state.Conversations.Values.Select(known => new ConversationCursor(known.Id, known.Seq, known.ReceiptSeq));

    /// <summary>Takes the answer of a sync; true when the cache had to be dropped first. Rule SY-6.</summary>
    private bool Take(ClientState asked, SyncReply reply)
    {
        var isReset = reply.Reset || (asked.Epoch is not null && asked.Epoch != reply.Epoch);
        if (isReset)
        {
            _held.Clear();
            _cache.Reset();
            Raised(new ClientEvent.WasReset());
        }

        var isOlder = !isReset && _cache.Known.AccountSeq > Math.Max(asked.AccountSeq, reply.Account.Seq);
        _cache.SetAccount(reply.Epoch, _cache.Known.AccountSeq, _cache.Known.Settings);
        Take(reply.Account);
        foreach (var changes in reply.Conversations)
            Take(changes);
        foreach (var receipts in reply.Receipts)
            Take(receipts);

        // What the account stream said later than this answer counts more: one may have been added again.
        foreach (var id in isOlder ? [] : reply.Gone)
            Forget(id);
        Moved();
        return isReset;
    }

    private void Take(AccountChanges changes)
    {
        if (changes.AfterSeq > _cache.Known.AccountSeq
            || (changes.Seq <= _cache.Known.AccountSeq && changes.AfterSeq > 0))
            return;

        foreach (var id in changes.Left)
            Forget(id);
        foreach (var snapshot in changes.Joined)
            Take(snapshot);
        foreach (var notice in changes.Notices)
            Raised(new ClientEvent.NoticeArrived(notice));
        _cache.SetAccount(
            _cache.Known.Epoch,
            Math.Max(_cache.Known.AccountSeq, changes.Seq),
            changes.Settings ?? _cache.Known.Settings);
    }

    private void Take(ConversationSnapshot snapshot)
    {
        _cache.AddPeople(snapshot.People);
        var known = _cache.Known.Conversations.GetValueOrDefault(snapshot.Conversation.Id);
        var put = Apply.To(known, snapshot, _me);
        var state = _held.Drain(put);
        if (!Apply.IsSameStay(put, state, _me))
        {
            StartOver(state.Id);
            return;
        }

        state = Apply.KeepSettled(put, state, _me);
        _cache.Put(Apply.To(state, new ReceiptsMoved(state.Id, 0, snapshot.ReceiptSeq, snapshot.Receipts)));
        if (state.Seq < snapshot.Seq)
            Fill(state.Id);
    }

    private void Take(Changes changes)
    {
        var id = changes.ConversationId;
        if (!_cache.Known.Conversations.TryGetValue(id, out var known) || changes.AfterSeq > known.Seq)
        {
            _held.Hold(changes);
            if (_patient.Add(id))
                _mailbox.Later(GapPatience, () => FillIfStillHeld(id));
            return;
        }

        if (changes.Seq > known.Seq)
        {
            var state = _held.Drain(Apply.To(known, changes));
            if (!Apply.IsSameStay(known, state, _me))
            {
                StartOver(id);
                return;
            }

            _cache.SetBehind(id, changes.HasMore);
            _cache.Put(Apply.KeepSettled(known, state, _me));
        }

        if (changes.HasMore)
            Fill(id);
    }

    public void TakePush(Changes changes)
    {
        Take(changes);
        Moved();
    }

    public void TakePush(ReceiptsMoved receipts)
    {
        Take(receipts);
        Moved();
    }

    private void Take(ReceiptsMoved receipts)
    {
        if (_cache.Known.Conversations.TryGetValue(receipts.ConversationId, out var known))
            _cache.Put(Apply.To(known, receipts));
    }

    private void FillIfStillHeld(ConversationId id)
    {
        _patient.Remove(id);
        if (!_held.Has(id))
            return;

        if (_cache.Known.Conversations.ContainsKey(id))
            Fill(id);
        else
            Request();
    }

    /// <summary>
    /// One left and was added again while this device did not listen. What it holds is of the earlier stay and must
    /// not go on; the account stream, whose cursor is still before the joining, brings the new one. The later request
    /// is for when a sync is under way that was asked before.
    /// </summary>
    private void StartOver(ConversationId id)
    {
        Forget(id);
        Request();
        _mailbox.Later(GapPatience, () =>
        {
            if (!_cache.Known.Conversations.ContainsKey(id))
                Request();
        });
    }

    private void Forget(ConversationId id)
    {
        _held.Forget(id);
        _cache.Forget(id);
    }
}
