using Parley.Contract;
using Parley.Server.Direct;
using Parley.Server.Kernel;
using Parley.Server.Receipts;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Server.Tests.Outbox;

namespace Parley.Server.Tests.Direct;

public sealed class DirectTests
{
    private readonly FakeClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task CV1_Writing_to_a_handle_opens_the_one_conversation_of_the_pair(string database)
    {
        await using var world = await StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(handle: "anna"), await world.PersonAsync(handle: "ben"));

        var first = await SendAsync(world, anna, "Ben", "hello");
        var second = await SendAsync(world, ben, "anna", "hi");

        Assert.Equal(first.ConversationId, second.ConversationId);
        Assert.Equal(first.ConversationId, (await world.DirectAsync(ben, anna)).Conversation.Id);
        Assert.Equal([1, 2], (await HistoryAsync(world, anna, "ben")).Items.Select(message => message.Number));
    }

    [Theory, EachDatabase]
    public async Task MS1_A_message_sent_again_to_a_handle_is_stored_once(string database)
    {
        await using var world = await StartAsync(database);
        var anna = await world.PersonAsync(handle: "anna");
        await world.PersonAsync(handle: "ben");
        var id = new MessageId(Guid.CreateVersion7());

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => SendAsync(world, anna, "ben", "hello", id)));

        Assert.Single(answers.Distinct());
        Assert.Single((await HistoryAsync(world, anna, "ben")).Items);
    }

    [Theory, EachDatabase]
    public async Task WR5_An_unknown_handle_is_answered_like_a_hidden_person_at_every_route(string database)
    {
        await using var world = await StartAsync(database);
        var student = await world.PersonAsync(Role.Member);
        await world.PersonAsync(Role.Member, "hidden");

        foreach (var handle in (string[])["hidden", "nobody", "", "%"])
        {
            var refusals = new[]
            {
                (await world.Get<GetDirectHistory>().RunAsync(student, handle, null, Cancel)).Refusal,
                (await world.Get<GetQueue>().RunAsync(student, handle, Cancel)).Refusal,
                (await world.Get<SendDirect>().RunAsync(student, handle, Body("hello"), Cancel)).Refusal,
                (await world.Get<SendDirect>().RunAsync(student, handle, Body(""), Cancel)).Refusal,
            };
            Assert.All(refusals, refusal => Assert.Equal(Refuse.NotFound, refusal));
        }
    }

    [Fact]
    public async Task Nobody_writes_to_oneself()
    {
        await using var world = await StartAsync(Databases.Sqlite);
        var anna = await world.PersonAsync(handle: "anna");

        var answer = await world.Get<SendDirect>().RunAsync(anna, "anna", Body("note"), Cancel);

        Assert.Equal(RefusalCode.Invalid, answer.Refusal!.Code);
    }

    [Fact]
    public async Task MS4_A_refused_first_message_opens_no_conversation()
    {
        await using var world = await StartAsync(Databases.Sqlite);
        var anna = await world.PersonAsync(handle: "anna");
        await world.PersonAsync(handle: "ben");

        var answer = await world.Get<SendDirect>().RunAsync(anna, "ben", Body(" "), Cancel);

        Assert.Equal(RefusalCode.Empty, answer.Refusal!.Code);
        Assert.Equal(0, await world.Database.ReadAsync(
            view => view.SingleAsync<long>("SELECT count(*) FROM conversation"), Cancel));
    }

    [Theory, EachDatabase]
    public async Task HI1_History_with_a_person_comes_fifty_first_then_twenty_older(string database)
    {
        await using var world = await StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(handle: "anna"), await world.PersonAsync(handle: "ben"));
        Assert.Empty((await HistoryAsync(world, anna, "ben")).Items);
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await Task.WhenAll(Enumerable.Range(1, 80).Select(i => world.SendAsync(anna, direct, $"message {i}")));

        var last = await HistoryAsync(world, ben, "anna");
        var older = await HistoryAsync(world, ben, "anna", last.Items[0].Number);

        Assert.Equal(Enumerable.Range(31, 50), last.Items.Select(message => (int)message.Number));
        Assert.Equal(Enumerable.Range(11, 20), older.Items.Select(message => (int)message.Number));
        Assert.True(older.HasBefore);
    }

    [Theory, EachDatabase]
    public async Task EX1_The_queue_shows_what_either_has_not_received_until_a_device_stores_it(string database)
    {
        await using var world = await StartAsync(database);
        await using var node = Node.Of(world, _clock);
        var (anna, ben) = (await world.PersonAsync(handle: "anna"), await world.PersonAsync(handle: "ben"));
        Assert.Equivalent(new QueuedMessages([], [], false), await QueueAsync(world, anna, "ben"));
        var old = await SendAsync(world, anna, "ben", "first");
        _clock.Advance(TimeSpan.FromDays(7));
        await node.SweepAsync();
        var reply = await SendAsync(world, ben, "anna", "from another room");
        var fresh = await SendAsync(world, anna, "ben", "second");

        var seen = await QueueAsync(world, anna, "ben");
        var mirrored = await QueueAsync(world, ben, "anna");
        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(ben, new(old.ConversationId, 3, null)));
        var after = await QueueAsync(world, anna, "ben");

        QueuedMessage[] outgoing =
        [
            new(old.Id, 1, old.SentAt, QueueState.Expired),
            new(fresh.Id, 3, fresh.SentAt, QueueState.Queued),
        ];
        QueuedMessage[] incoming = [new(reply.Id, 2, reply.SentAt, QueueState.Queued)];
        Assert.Equal(outgoing, seen.Outgoing);
        Assert.Equal(incoming, seen.Incoming);
        Assert.Equal(incoming, mirrored.Outgoing);
        Assert.Equal(outgoing, mirrored.Incoming);
        Assert.Empty(after.Outgoing);
        Assert.Equal(incoming, after.Incoming);
    }

    [Theory, EachDatabase]
    public async Task The_queue_is_bounded_and_says_when_it_goes_on(string database)
    {
        await using var world = await StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(handle: "anna"), await world.PersonAsync(handle: "ben"));
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await Task.WhenAll(Enumerable.Range(1, 101).Select(i => world.SendAsync(anna, direct, $"message {i}")));

        var queue = await QueueAsync(world, anna, "ben");

        Assert.Equal(Enumerable.Range(1, 100), queue.Outgoing.Select(message => (int)message.Number));
        Assert.True(queue.HasMore);
    }

    private Task<EngineWorld> StartAsync(string database) => EngineWorld.StartAsync(database, services =>
    {
        Node.Uses(_clock)(services);
        services.AddDirect();
    });

    private static SendBody Body(string text) => new(new(Guid.CreateVersion7()), text);

    private static async Task<MessageSent> SendAsync(
        EngineWorld world, Caller caller, string handle, string text, MessageId? id = null) =>
        EngineWorld.Expect(await world.Get<SendDirect>().RunAsync(
            caller, handle, new(id ?? new(Guid.CreateVersion7()), text), Cancel));

    private static async Task<HistoryPage> HistoryAsync(
        EngineWorld world, Caller caller, string handle, long? before = null) =>
        EngineWorld.Expect(await world.Get<GetDirectHistory>().RunAsync(caller, handle, before, Cancel));

    private static async Task<QueuedMessages> QueueAsync(EngineWorld world, Caller caller, string handle) =>
        EngineWorld.Expect(await world.Get<GetQueue>().RunAsync(caller, handle, Cancel));
}
