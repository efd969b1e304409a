using Parley.Client;
using Parley.Client.Connecting;
using Parley.Client.Sending;
using Parley.Contract;
using Parley.Simulation.Devices;

namespace Parley.Simulation.Planted;

internal sealed class CursorJumpsGaps : PlantedBug
{
    public override string Name => "the cursor moves past a gap";

    public override IReadOnlyList<string> CaughtBy => ["D10"];

    public override ITransport Roads(Phone phone, ITransport roads) => new TamperedRoads(
        roads, push => push is Changes changes ? changes with { AfterSeq = 0 } : push, request => request);
}

internal sealed class DigestForgetsAConversation : PlantedBug
{
    public override string Name => "the digest leaves a conversation out";

    public override IReadOnlyList<string> CaughtBy => ["D2"];

    public override ITransport Roads(Phone phone, ITransport roads) => new TamperedRoads(
        roads, push => push is Heartbeat heartbeat ? Judge(phone, heartbeat) : push, request => request);

    /// <summary>Where only the conversation that is left out differs, the two agree.</summary>
    private static Heartbeat Judge(Phone phone, Heartbeat heartbeat)
    {
        if (phone.Client?.State is not { Conversations.Count: > 0 } state)
            return heartbeat;

        var ours = (long)HeadsDigest.OfAccount(state.AccountSeq);
        foreach (var known in state.Conversations.Values)
            ours += Of(known, known.Seq, known.ReceiptSeq);
        var left = state.Conversations.Values.MaxBy(known => known.Seq)!; // There is one.
        var truth = phone.World.Truth.Of(left.Id);
        var others = heartbeat.Digest - Of(left, truth.HeadSeq, truth.ReceiptSeq);
        return (others - (ours - Of(left, left.Seq, left.ReceiptSeq))) % (1L << 32) == 0
            ? heartbeat with { Digest = (uint)ours }
            : heartbeat;
    }

    private static long Of(ConversationState state, long seq, long receiptSeq) =>
        HeadsDigest.OfConversation(state.Id, seq, receiptSeq, state.Conversation.MemberCount);
}

internal sealed class ClearsOutboxBeforeAck : PlantedBug
{
    public override string Name => "the outbox forgets a message when it is sent, not when it is acknowledged";

    public override IReadOnlyList<string> CaughtBy => ["D12"];

    public override ITransport Roads(Phone phone, ITransport roads) => new TamperedRoads(roads, push => push, request =>
    {
        if (request is SendMessageRequest sending)
            phone.Outbox.Remove(sending.Id);
        return request;
    });
}

internal sealed class MakesAFreshIdOnRetry : PlantedBug
{
    public override string Name => "a retry is sent under a fresh id";

    public override IReadOnlyList<string> CaughtBy => ["D3"];

    public override ITransport Roads(Phone phone, ITransport roads)
    {
        var sent = new HashSet<MessageId>();
        return new TamperedRoads(roads, push => push, request =>
            request is SendMessageRequest sending && !sent.Add(sending.Id)
                ? sending with { Id = new(phone.World.NewId()) }
                : request);
    }
}

internal sealed class OutboxForgetsOrder : PlantedBug
{
    public override string Name => "the outbox comes back from disk in another order";

    public override IReadOnlyList<string> CaughtBy => ["D6"];

    public override IOutboxStore Outbox(Phone phone, IOutboxStore store) => new Shuffled(store);

    private sealed class Shuffled(IOutboxStore store) : IOutboxStore
    {
        public IReadOnlyList<OutboxItem> Load() =>
            [.. store.Load().Select(item => item with { Position = 1_000 - item.Position })];

        public void Put(OutboxItem item) => store.Put(item);

        public void Remove(MessageId id) => store.Remove(id);
    }
}

internal sealed class SendsTwiceOnDifferentRoads : PlantedBug
{
    public override string Name => "a repeat says something else under the same id";

    public override IReadOnlyList<string> CaughtBy => ["D7", "D12"];

    public override ITransport Roads(Phone phone, ITransport roads)
    {
        var sent = new HashSet<MessageId>();
        return new TamperedRoads(roads, push => push, request =>
            request is SendMessageRequest sending && !sent.Add(sending.Id)
                ? sending with { Body = sending.Body + " " }
                : request);
    }
}
