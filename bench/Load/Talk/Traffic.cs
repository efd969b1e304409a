using Parley.Load.Figures;
using Parley.Load.Sockets;

namespace Parley.Load.Talk;

/// <summary>
/// What all talkers of a run share: who hears whom, when the next message goes out, and the counts. A run warms up,
/// measures, then falls silent until everything sent has arrived.
/// </summary>
internal abstract class Traffic
{
    public const int BodyLength = 100;

    private readonly long _clockStart = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _ticksStart = Loop.Now;
    private bool _isMeasuring;

    /// <summary>How many senders a person hears.</summary>
    public abstract int Slots { get; }

    public List<Talker> Talkers { get; } = [];

    public Latencies Latencies { get; } = new();

    public bool IsSilent { get; set; }

    public int OpenCount { get; private set; }

    /// <summary>Counted while measuring.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Counted while measuring.</summary>
    public long Delivered { get; private set; }

    /// <summary>Counted always.</summary>
    public long Duplicated { get; private set; }

    /// <summary>The time that goes into the id of a message sent then; the same again when it is resent.</summary>
    public long UnixMsOf(long ticks) => _clockStart + ((ticks - _ticksStart) / (Loop.Frequency / 1000));

    public long SentTotal => Talkers.Sum(talker => (long)talker.Sent);

    public bool IsAllAcknowledged => Talkers.TrueForAll(talker => talker.Acknowledged == talker.Sent);

    public bool IsDone => IsAllAcknowledged && Lost() == 0;

    public string? Trouble => Talkers.Select(talker => talker.Trouble).FirstOrDefault(trouble => trouble is not null);

    public void OnOpen(Talker talker) => OpenCount++;

    public void Measure(bool on)
    {
        _isMeasuring = on;
        if (on)
            (Acknowledged, Delivered) = (0, 0);
    }

    public void Deliver(Talker recipient, int sender, uint count, long now)
    {
        // A push that carries what several people said in one breath may carry one's own beside it.
        if (sender == recipient.Index)
            return;

        var slot = SlotOf(recipient.Index, sender);
        if (slot < 0 || count >= Talkers[sender].Sent)
        {
            throw new InvalidOperationException(
                $"Person {recipient.Index} got message {count} of {sender}: not theirs, or never sent.");
        }

        if (!recipient.Seen[slot].Add(count))
        {
            Duplicated++;
            return;
        }

        if (_isMeasuring)
        {
            Delivered++;
            Latencies.Add(now - Talkers[sender].SentAt(count));
        }

        OnDelivered(Talkers[sender], count, now);
    }

    public void Acknowledge(Talker sender, uint count, long now)
    {
        if (_isMeasuring)
            Acknowledged++;

        OnAcknowledged(sender, count, now);
    }

    /// <summary>Messages that somebody who hears the sender did not get.</summary>
    public long Lost()
    {
        var lost = 0L;
        foreach (var recipient in Talkers)
        {
            foreach (var sender in Senders(recipient.Index))
                lost += Talkers[sender].Sent - recipient.Seen[SlotOf(recipient.Index, sender)].Count;
        }

        return lost;
    }

    /// <summary>
    /// Where <paramref name="recipient"/> counts what <paramref name="sender"/> sent; -1: it must not get that.
    /// </summary>
    protected abstract int SlotOf(int recipient, int sender);

    /// <summary>Whom a person hears.</summary>
    protected abstract IEnumerable<int> Senders(int recipient);

    protected virtual void OnAcknowledged(Talker sender, uint count, long now)
    {
    }

    protected virtual void OnDelivered(Talker sender, uint count, long now)
    {
    }
}
