using Parley.Client;
using Parley.Client.Connecting;
using Parley.Client.Sending;
using Parley.Client.Storing;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Simulation.Clocks;
using Parley.Simulation.Servers;

namespace Parley.Simulation.Devices;

/// <summary>
/// One device of one person with the real SDK on it. Its stores outlive the program; whatever the program had not
/// stored when it was killed is gone.
/// </summary>
internal sealed class Phone
{
    private readonly World _world;
    private readonly DeviceId _device;
    private readonly MemoryStore _store = new();
    private readonly IOutboxStore _outbox;
    private readonly ITransport _roads;
    private int _life;

    public Phone(World world, AccountId person, string name)
    {
        (_world, Person, Name) = (world, person, name);
        _device = new(world.NewId());
        Transport = new(world, this);
        _outbox = world.Bug?.Outbox(this, new MemoryOutboxStore()) ?? new MemoryOutboxStore();
        _roads = world.Bug?.Roads(this, Transport) ?? Transport;
    }

    public World World => _world;

    public AccountId Person { get; }

    public string Name { get; }

    public Transport Transport { get; }

    /// <summary>Null while the program does not run.</summary>
    public ParleyClient? Client { get; private set; }

    public ActorClock? Clock { get; private set; }

    public TimeSpan Skew { get; set; }

    public List<Said> Said { get; } = [];

    public IOutboxStore Outbox => _outbox;

    public bool IsOnline => Client?.Connection is ConnectionState.Online;

    public Caller Caller(string? connection) => new(Person, _device, Role.Staff, connection);

    public void Start()
    {
        var life = ++_life;
        _world.Restarted(this);
        Clock = new(_world.Time, action =>
        {
            if (life == _life)
                action();
        })
        { Skew = Skew };
        Client = ParleyClient.Over(new()
        {
            Transport = _roads,
            Me = Person,
            Store = _store,
            OutboxStore = _outbox,
            Time = Clock,
            Chance = new(_world.NextSeed()),
            RunsInline = true,
        });
        _ = ListenAsync(Client, life);
        Client.Start();
    }

    public void Crash()
    {
        if (Client is not { } client)
            return;

        _world.Trace($"{Name} dies");
        _life++;
        Client = null;
        client.Abandon();
        Transport.Link?.Cut();
    }

    /// <summary>Sets the wall clock.</summary>
    public void Jump(TimeSpan by)
    {
        Skew += by;
        if (Clock is { } clock)
            clock.Skew = Skew;
    }

    public void Say(ConversationId conversation)
    {
        var body = $"{Name}-{Said.Count}";
        var sending = Client!.SendAsync(conversation, body); // Only asked while it runs.
        var message = sending.GetAwaiter().GetResult();
        var said = new Said(message.Id, conversation, body);
        Said.Add(said);
        _ = FollowAsync(message, said);
    }

    private static async Task FollowAsync(OutgoingMessage message, Said said)
    {
        try
        {
            said.Ack = await message.Acked.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Given up by the person.
        }
    }

    private async Task ListenAsync(ParleyClient client, int life)
    {
        await foreach (var moved in client.EventsAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (life != _life)
                return;

            if (moved is ClientEvent.OutboxMoved { Item: var item }
                && item.State is OutboxState.Failed or OutboxState.NeedsConfirmation)
                Said.Where(said => said.Id == item.Id).ToList().ForEach(said => said.SteppedAside = true);
            _world.Showed(this, client, moved);
        }
    }
}
