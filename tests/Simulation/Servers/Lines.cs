using Parley.Contract;
using Parley.Server.Fanout;

namespace Parley.Simulation.Servers;

/// <summary>One server's open connections, and the fan-out to them, as Live does it: by person, in order.</summary>
internal sealed class Lines(SimulatedServer server) : IFanout
{
    private readonly List<Link> _open = [];

    public IReadOnlyList<Link> Open => _open;

    /// <summary>For a planted bug: nothing leaves.</summary>
    public bool IsMuted { get; set; }

    public void Add(Link link) => _open.Add(link);

    public bool Remove(Link link) => _open.Remove(link);

    public void Publish(Push push)
    {
        if (server.IsDead || IsMuted)
            return;

        server.World.Witness.Published(push);
        foreach (var recipient in push.Recipients)
        {
            foreach (var link in _open)
            {
                if (link.Caller.AccountId == recipient && link.Id != push.Except)
                    link.Push(push.Target, push.Payload);
            }
        }
    }

    /// <summary>Hands a payload to the method of the client it is for.</summary>
    public static void Hand(IParleyClient client, string target, object payload) => _ = (target, payload) switch
    {
        (Wire.ChangesTarget, Changes changes) => client.Changes(changes),
        (Wire.ReceiptsTarget, ReceiptsMoved moved) => client.Receipts(moved),
        (Wire.AccountTarget, AccountChanges changes) => client.Account(changes),
        (Wire.TypingTarget, Typing typing) => client.Typing(typing),
        (Wire.HeartbeatTarget, Heartbeat heartbeat) => client.Heartbeat(heartbeat),
        _ => throw new InvalidOperationException($"Nobody listens to '{target}'."),
    };
}
