namespace Parley.Load.Talk;

/// <summary>People in pairs: 0 with 1, 2 with 3 … In a closed loop an ack lets the next message go.</summary>
internal sealed class PairTraffic(bool isClosedLoop) : Traffic
{
    public override int Slots => 1;

    protected override int SlotOf(int recipient, int sender) => (recipient ^ 1) == sender ? 0 : -1;

    protected override IEnumerable<int> Senders(int recipient) => [recipient ^ 1];

    protected override void OnAcknowledged(Talker sender, uint count, long now)
    {
        if (isClosedLoop && !IsSilent)
            sender.Send(now);
    }
}
