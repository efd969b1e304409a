using Parley.Client.Sending;
using Parley.Client.Storing;
using Parley.Contract;

namespace Parley.Client.Tests.Fakes;

/// <summary>A server, a clock and two people with a device each, all on the test's thread.</summary>
internal sealed class World
{
    public World()
    {
        // With a context of the runner's, what is awaited would go on elsewhere instead of here and now.
        SynchronizationContext.SetSynchronizationContext(null);
        Server = new(Clock);
        Chat = Server.Add(Anna, Ben);
    }

    private int _devices;

    public FakeClock Clock { get; } = new();

    public FakeServer Server { get; }

    public AccountId Anna { get; } = new(Guid.CreateVersion7());

    public AccountId Ben { get; } = new(Guid.CreateVersion7());

    public ConversationId Chat { get; }

    public FakeLog Log => Server.Logs[Chat];

    /// <summary>A started device. Stores that outlive it make the next one its restart.</summary>
    public Phone Start(AccountId who, IStore? store = null, IOutboxStore? outbox = null)
    {
        var client = ParleyClient.Over(new()
        {
            Transport = new FakeTransport(Server, who),
            Me = who,
            Store = store ?? new MemoryStore(),
            OutboxStore = outbox ?? new MemoryOutboxStore(),
            Time = Clock,
            Chance = new(++_devices), // Two devices with one chance would make the same message ids.
            RunsInline = true,
        });
        var phone = new Phone(client, Chat);
        client.Start();
        return phone;
    }

    public void Seconds(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));
}

/// <summary>A client and everything it told.</summary>
internal sealed class Phone
{
    private readonly ConversationId _chat;

    public Phone(ParleyClient client, ConversationId chat)
    {
        (Client, _chat) = (client, chat);
        _ = ListenAsync();
    }

    public ParleyClient Client { get; }

    public List<ClientEvent> Events { get; } = [];

    /// <summary>How often a message was shown while one before it was missing.</summary>
    public int HolesShown { get; private set; }

    public IReadOnlyList<string?> Texts => [.. Client.State.Conversations[_chat].Messages.Values.Select(m => m.Body)];

    public OutgoingMessage Say(string body) => Client.SendAsync(_chat, body).Now();

    private async Task ListenAsync()
    {
        await foreach (var moved in Client.EventsAsync(CancellationToken.None))
        {
            Events.Add(moved);
            if (Client.State.Conversations.GetValueOrDefault(_chat) is { } shown
                && shown.Messages.Count != shown.HeadNumber - shown.FromNumber + 1)
                HolesShown++;
        }
    }
}

/// <summary>Nothing is waited for on a fake clock.</summary>
internal static class AtOnce
{
    /// <summary>The answer that must be there already.</summary>
    public static T Now<T>(this Task<T> task)
    {
        Assert.True(task.IsCompleted, "On the test's thread everything happens at once, or when the clock moves.");
        return task.GetAwaiter().GetResult();
    }
}
