using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Receipts;
using Parley.Server.Sync;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Server.Tests.Outbox;

namespace Parley.Server.Tests.Expiry;

public sealed class ExpiryTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly FakeClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task EX1_A_message_nobody_received_for_seven_days_expires_then_and_not_before(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        await using var node = Node.Of(world, _clock);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var before = await world.DirectAsync(anna, ben);
        var sent = await world.SendAsync(anna, before.Conversation.Id, "hello?");

        _clock.Advance(Week - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await node.SweepAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await node.SweepAsync());
        Assert.Equal(0, await node.SweepAsync());

        var message = (await world.SnapshotAsync(anna, before.Conversation.Id)).Messages.Single();
        Assert.Equal(_clock.GetUtcNow(), message.ExpiredAt);
        Assert.Equal((1, sent.Seq + 1), (message.Version, message.ChangedSeq));
        Assert.Equal(MessageStatus.Expired, await StatusAsync(world, anna, message));
        await world.LiveEqualsFreshAsync(anna, before);
        await world.LiveEqualsFreshAsync(ben, before);
    }

    [Theory, EachDatabase]
    public async Task EX1_Delivery_after_expiry_still_counts(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        await using var node = Node.Of(world, _clock);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await world.SendAsync(anna, direct, "hello?");
        _clock.Advance(Week);
        await node.SweepAsync();

        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(ben, new(direct, 1, null)));

        var message = (await world.SnapshotAsync(anna, direct)).Messages.Single();
        Assert.NotNull(message.ExpiredAt);
        Assert.Equal(MessageStatus.Delivered, await StatusAsync(world, anna, message));
    }

    [Theory, EachDatabase]
    public async Task EX1_Only_members_at_its_sending_who_are_members_still_are_waited_for(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        await using var node = Node.Of(world, _clock);
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var (dora, late) = (await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben, cleo, dora])).Conversation.Id;
        await world.SendAsync(anna, group, "ben got it, cleo left, dora is gone");
        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(ben, new(group, 1, null)));
        EngineWorld.Expect(await world.Get<RemoveMember>().RunAsync(cleo, new(group, cleo.AccountId), Cancel));
        EngineWorld.Expect(await world.Get<AddMembers>().RunAsync(anna, new(group, [late.AccountId]), Cancel));
        await world.Database.WriteAsync(turn => turn.ExecuteAsync(
            "UPDATE account SET deactivated_at = 1 WHERE id = @AccountId", new { dora.AccountId }), Cancel);
        await world.SendAsync(anna, group, "nobody got this: ben and late are waited for");

        _clock.Advance(Week);
        await node.SweepAsync();
        await node.RunDueAsync();

        Assert.Equal([(2, 2)], (await NoticesAsync(world, anna)).Select(notice => (notice.Number, notice.Undelivered)));
    }

    [Theory, EachDatabase]
    public async Task EX1_A_removed_message_does_not_expire(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        await using var node = Node.Of(world, _clock);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var sent = await world.SendAsync(anna, direct, "oh no");
        EngineWorld.Expect(await world.Get<RemoveMessage>().RunAsync(anna, new(direct, sent.Id), Cancel));

        _clock.Advance(Week);

        Assert.Equal(0, await node.SweepAsync());
    }

    [Theory, EachDatabase]
    public async Task EX2_The_author_is_told_once_on_the_own_stream_also_when_away_then(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        await using var node = Node.Of(world, _clock);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var sent = await world.SendAsync(anna, direct, "hello?");
        _clock.Advance(Week);
        await node.SweepAsync();
        var at = _clock.GetUtcNow();
        Assert.Empty(await NoticesAsync(world, anna));

        await node.RunDueAsync();
        await node.RunDueAsync();

        Assert.Equal([new Notice(direct, sent.Id, 1, 1, at)], await NoticesAsync(world, anna));
        Assert.Empty(await NoticesAsync(world, ben));
        Assert.True(world.Fanout.To<AccountChanges>(anna.AccountId)[^1].HasMore);
    }

    [Theory, EachDatabase]
    public async Task EX2_Telling_again_after_a_crash_tells_nothing_new(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await world.SendAsync(anna, direct, "hello?");
        await using var node = Node.Of(world, _clock);
        _clock.Advance(Week);
        await node.SweepAsync();

        // Both claim the same entry, the second after the lease of the first: both tell, at the same time.
        var first = await node.Get<Server.Outbox.ClaimEntry>().RunAsync(null, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await using var other = Node.Of(world, _clock);
        var second = await other.Get<Server.Outbox.ClaimEntry>().RunAsync(null, Cancel);
        await Task.WhenAll(
            node.Get<Server.Outbox.RunEntry>().RunAsync(first!, Cancel),
            other.Get<Server.Outbox.RunEntry>().RunAsync(second!, Cancel));

        Assert.Single(await NoticesAsync(world, anna));
        Assert.Null(await node.FindAsync(first!.Subject));
    }

    [Theory, EachDatabase]
    public async Task EX1_A_backlog_of_several_batches_expires_and_two_nodes_do_not_double_it(string database)
    {
        const int count = 450;
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        var nodes = new[] { Node.Of(world, _clock), Node.Of(world, _clock) };
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var first = await world.DirectAsync(anna, ben);
        var second = await world.DirectAsync(anna, cleo);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            world.SendAsync(anna, (i % 3 == 0 ? first : second).Conversation.Id, $"message {i}")));
        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(ben, new(first.Conversation.Id, 100, null)));

        _clock.Advance(Week + TimeSpan.FromHours(1));
        var expired = await Task.WhenAll(nodes.Select(node => node.SweepAsync()));
        await Task.WhenAll(nodes.Select(node => node.RunDueAsync()));

        Assert.Equal(count - 100, expired.Sum());
        var told = await NoticesAsync(world, anna);
        Assert.Equal(count - 100, told.Select(notice => notice.MessageId).Distinct().Count());
        Assert.Equal(count - 100, told.Count);
        await world.LiveEqualsFreshAsync(cleo, second);
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Theory, EachDatabase]
    public async Task EX1_Days_in_which_the_server_was_down_count(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await using (var before = Node.Of(world, _clock))
            await before.SweepAsync();
        await world.SendAsync(anna, direct, "just before the crash");

        _clock.Advance(Week);
        await using var after = Node.Of(world, _clock);

        Assert.Equal(1, await after.SweepAsync());
    }

    private static async Task<MessageStatus> StatusAsync(EngineWorld world, Caller caller, Message message) =>
        EngineWorld.Expect(await world.Get<GetMessageReceipts>().RunAsync(
            caller, new(message.ConversationId, message.Number), Cancel)).Status;

    /// <summary>What a device finds that has been away all the time.</summary>
    private static async Task<IReadOnlyList<Notice>> NoticesAsync(EngineWorld world, Caller caller)
    {
        var notices = new List<Notice>();
        for (var (seq, hasMore) = (0L, true); hasMore;)
        {
            var reply = EngineWorld.Expect(await world.Get<SyncDevice>().RunAsync(caller, new(null, seq, []), Cancel));
            notices.AddRange(reply.Account.Notices);
            (seq, hasMore) = (reply.Account.Seq, reply.Account.HasMore);
        }

        return notices;
    }
}
