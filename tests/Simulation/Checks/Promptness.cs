using Parley.Contract;
using Parley.Simulation.Devices;

namespace Parley.Simulation.Checks;

/// <summary>
/// Where roads are smooth, a device that is linked has every change soon, and need not wait for a heartbeat to learn
/// of it (rule SY-4: nothing falls between subscribing and the answer of the sync).
/// </summary>
internal sealed class Promptness(World world)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    public void Moved(ConversationTruth conversation)
    {
        if (!world.Weather.IsSmooth)
            return;

        foreach (var phone in world.Phones.Where(phone => phone.IsOnline && conversation.IsMember(phone.Person)))
            Expect(phone, conversation, conversation.HeadSeq);
    }

    private void Expect(Phone phone, ConversationTruth conversation, long seq)
    {
        var (client, link, server, stops) = (phone.Client, phone.Transport.Link, world.Server, world.Server?.Stops);
        if (link?.Server != server)
            return; // It has not noticed yet that its server died.

        world.Time.After(Soon, () =>
        {
            var goesOn = phone.Client == client && phone.Transport.Link == link && link is { IsOpen: true }
                && server is { IsDead: false } && server.Stops == stops && phone.IsOnline;
            if (goesOn && conversation.IsMember(phone.Person) && SeqOf(phone, conversation.Id) < seq)
                world.Violated("SY-4", $"{phone.Name} is linked and was not told of change {seq} of {conversation.Id}");
        });
    }

    private static long SeqOf(Phone phone, ConversationId id) =>
        phone.Client!.State.Conversations.GetValueOrDefault(id)?.Seq ?? 0; // It runs: just asked.
}
