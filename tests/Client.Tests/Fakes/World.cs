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
            Chance = new(7),
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

    public IReadOnlyList<string?> Texts => [.. Client.State.Conversations[_chat].Messages.Values.Select(m => m.Body)];

    public OutgoingMessage Say(string body) => Client.SendAsync(_chat, body).Now();

    private async Task ListenAsync()
    {
        await foreach (var moved in Client.EventsAsync(CancellationToken.None))
            Events.Add(moved);
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
