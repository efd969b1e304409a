using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Sync;

namespace Parley.Server.Tests.Engine;

public sealed class SyncTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task SY4_One_request_brings_back_everything_that_was_missed(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var first = await SyncAsync(world, ben, new(null, 0, []));
        await world.SendAsync(anna, direct, "missed");
        var made = (await world.GroupAsync(anna, [ben])).Conversation.Id;

        var cursor = new ConversationCursor(direct, first.Account.Joined[0].Seq, first.Account.Joined[0].ReceiptSeq);
        var second = await SyncAsync(world, ben, new(first.Epoch, first.Account.Seq, [cursor]));
        var third = await SyncAsync(world, ben, new(first.Epoch, second.Account.Seq, [
            cursor with { Seq = second.Conversations[0].Seq },
            new(made, second.Account.Joined[0].Seq, second.Account.Joined[0].ReceiptSeq)]));

        Assert.Equal("missed", Assert.Single(Assert.Single(second.Conversations).Messages).Body);
        Assert.Equal(made, Assert.Single(second.Account.Joined).Conversation.Id);
        Assert.True(third is { Conversations: [], Receipts: [], Gone: [] });
        Assert.True(third.Account is { Joined: [], Left: [], Settings: null });
    }

    [Theory, EachDatabase]
    public async Task SY6_Cursors_of_another_epoch_or_ahead_of_the_server_get_a_fresh_start(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = await world.DirectAsync(anna, ben);
        var epoch = (await SyncAsync(world, ben, new(null, 0, []))).Epoch;

        var foreign = await SyncAsync(world, ben, new("another", 1, []));
        var ahead = await SyncAsync(world, ben, new(epoch, 1, [new(direct.Conversation.Id, direct.Seq + 1, 0)]));
        var aheadAccount = await SyncAsync(world, ben, new(epoch, 99, []));

        Assert.All([foreign, ahead, aheadAccount], reply =>
        {
            Assert.True(reply.Reset);
            Assert.Equal(direct.Conversation.Id, Assert.Single(reply.Account.Joined).Conversation.Id);
        });
    }

    [Theory, EachDatabase]
    public async Task SY7_Who_was_removed_is_told_to_forget_the_conversation(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var group = await world.GroupAsync(anna, [ben]);
        var first = await SyncAsync(world, ben, new(null, 0, []));

        await world.Get<RemoveMember>().RunAsync(anna, new(group.Conversation.Id, ben.AccountId), Cancel);
        var nudges = world.Fanout.To<AccountChanges>(ben.AccountId);
        var second = await SyncAsync(world, ben, new(
            first.Epoch, first.Account.Seq, [new(group.Conversation.Id, group.Seq, group.ReceiptSeq)]));

        Assert.True(nudges[^1].HasMore);
        Assert.Equal([group.Conversation.Id], second.Account.Left);
        Assert.Equal([group.Conversation.Id], second.Gone);
        Assert.Empty(second.Conversations);
    }

    [Theory, EachDatabase]
    public async Task SY3_A_long_absence_is_caught_up_page_by_page_to_the_same_state(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var before = await world.GroupAsync(anna, [ben]);
        var group = before.Conversation.Id;
        var sent = await Task.WhenAll(Enumerable.Range(1, 450).Select(i =>
            world.SendAsync(anna with { ConnectionId = null }, group, $"{i}")));
        foreach (var message in sent.Where(message => message.Number % 7 == 0))
            await world.Get<EditMessage>().RunAsync(anna, new(group, message.Id, "edited", null), Cancel);
        foreach (var message in sent.Where(message => message.Number % 11 == 0))
            await world.Get<RemoveMessage>().RunAsync(anna, new(group, message.Id), Cancel);

        await world.LiveEqualsFreshAsync(ben, before);
        var (device, pages) = (Device.From(before), 0);
        for (var hasMore = true; hasMore; pages++)
        {
            var page = EngineWorld.Expect(await world.Get<GetChanges>().RunAsync(ben, new(group, device.Seq), Cancel));
            Assert.False(device.Apply(page));
            Assert.True(page.Messages.Count <= Limits.ChangesPageCount);
            hasMore = page.HasMore;
        }

        Assert.True(pages > 2);
        Assert.Equal(450, device.Messages.Count);
    }

    [Theory, EachDatabase]
    public async Task SY5_The_digest_equals_the_devices_own_exactly_when_nothing_is_missing(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = await world.DirectAsync(anna, ben);
        var before = await SyncAsync(world, ben, new(null, 0, []));

        Assert.Equal(Digest(before), (await world.Get<Heads>().HeartbeatAsync(ben.AccountId, Cancel)).Digest);
        await world.SendAsync(anna, direct.Conversation.Id, "a lost last push");
        Assert.NotEqual(Digest(before), (await world.Get<Heads>().HeartbeatAsync(ben.AccountId, Cancel)).Digest);

        static long Digest(SyncReply reply) => reply.Account.Joined.Aggregate(
            HeadsDigest.OfAccount(reply.Account.Seq),
            (sum, held) => unchecked(sum + HeadsDigest.OfConversation(
                held.Conversation.Id, held.Seq, held.ReceiptSeq, held.Conversation.MemberCount)));
    }

    [Fact]
    public async Task SY4_Too_many_cursors_are_refused()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var anna = await world.PersonAsync();
        var cursors = Enumerable.Range(0, Limits.SyncCursorsMax + 1)
            .Select(_ => new ConversationCursor(new(Guid.CreateVersion7()), 0, 0)).ToList();

        var refused = await world.Get<SyncDevice>().RunAsync(anna, new(null, 0, cursors), Cancel);

        Assert.Equal(RefusalCode.Invalid, refused.Refusal!.Code);
    }

    private static async Task<SyncReply> SyncAsync(EngineWorld world, Caller who, SyncRequest request) =>
        EngineWorld.Expect(await world.Get<SyncDevice>().RunAsync(who, request, Cancel));
}
