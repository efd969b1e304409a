using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>Compares what the server says this device should have with what it has. Rule SY-5.</summary>
internal sealed class Comparison(Cache cache)
{
    private (long Theirs, long Ours, int Syncs)? _mismatch;
    private int _syncs;

    /// <summary>A sync has run to its end.</summary>
    public void Synced() => _syncs++;

    /// <summary>True when the device lacks something and should sync.</summary>
    /// <param name="heartbeat">What the server says.</param>
    /// <param name="isFetching">True while what is missing is on its way already.</param>
    public bool IsBehind(Heartbeat heartbeat, bool isFetching)
    {
        var ours = OwnDigest();
        if (heartbeat.Epoch == cache.Known.Epoch && heartbeat.Digest == ours)
        {
            _mismatch = null;
            return false;
        }

        if (isFetching)
            return false;

        // The same difference again although a sync has run between: cursors cannot explain it. Start over.
        if (_mismatch is { } last && last.Theirs == heartbeat.Digest && last.Ours == ours && last.Syncs < _syncs)
            cache.SetAccount(cache.Known.Epoch, 0, cache.Known.Settings);
        _mismatch = (heartbeat.Digest, ours, _syncs);
        return true;
    }

    public long OwnDigest()
    {
        var sum = HeadsDigest.OfAccount(cache.Known.AccountSeq);
        foreach (var (id, state) in cache.Known.Conversations)
            sum = unchecked(sum + HeadsDigest.OfConversation(
                id, state.Seq, state.ReceiptSeq, state.Conversation.MemberCount));
        return sum;
    }
}
