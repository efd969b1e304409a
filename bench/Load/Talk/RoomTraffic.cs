namespace Parley.Load.Talk;

/// <summary>One group. A message makes room for the next when it is acknowledged and everybody else has it.</summary>
internal sealed class RoomTraffic(int people) : Traffic
{
    public const int SenderCount = 4;

    private readonly int[,] _missing = new int[SenderCount, 64];

    public override int Slots => SenderCount;

    public void Send(Talker sender, long now)
    {
        _missing[sender.Index, sender.Sent & 63] = people;
        sender.Send(now);
    }

    protected override int SlotOf(int recipient, int sender) =>
        sender < SenderCount && sender != recipient ? sender : -1;

    protected override IEnumerable<int> Senders(int recipient) =>
        Enumerable.Range(0, SenderCount).Where(sender => sender != recipient);

    // The ack counts as the sender's own delivery.
    protected override void OnAcknowledged(Talker sender, uint count, long now) => OnDelivered(sender, count, now);

    protected override void OnDelivered(Talker sender, uint count, long now)
    {
        if (--_missing[sender.Index, count & 63] == 0 && !IsSilent)
            Send(sender, now);
    }
}
