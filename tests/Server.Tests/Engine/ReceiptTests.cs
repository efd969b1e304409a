using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Receipts;

namespace Parley.Server.Tests.Engine;

public sealed class ReceiptTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void RC1_Property10_Receipts_in_any_order_and_number_end_at_the_same_watermarks()
    {
        Prop.ForAll<(int, int)[], int>((advances, seed) =>
        {
            var random = new System.Random(seed);
            var doubled = advances.Concat(advances).OrderBy(_ => random.Next()).ToArray();
            return Fold(advances) == Fold(doubled);
        }).QuickCheckThrowOnFailure();

        static Watermarks Fold((int Delivered, int Read)[] advances) => advances.Aggregate(
            default(Watermarks),
            (marks, advance) => ReceiptRules.Advance(marks, advance.Delivered, advance.Read, head: 50));
    }

    [Fact]
    public void RC2_Property10_Read_never_passes_delivered_and_delivered_never_the_head()
    {
        Prop.ForAll<long, long, int>((delivered, read, head) =>
        {
            var marks = ReceiptRules.Advance(default, delivered, read, Math.Abs((long)head));
            return marks.Read <= marks.Delivered && marks.Delivered <= Math.Abs((long)head) && marks.Read >= 0;
        }).QuickCheckThrowOnFailure();
    }

    [Theory, EachDatabase]
    public async Task RC2_A_receipt_beyond_the_head_is_clamped_to_it(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await world.SendAsync(anna, direct, "one");

        var receipt = EngineWorld.Expect(
            await world.Get<AdvanceReceipts>().RunAsync(ben, new(direct, long.MaxValue, long.MaxValue)));

        Assert.Equal((1, 1), (receipt.DeliveredNumber, receipt.ReadNumber));
    }

    [Theory, EachDatabase]
    public async Task RC4_The_sender_is_told_live_and_catches_up_to_the_same(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var before = await world.DirectAsync(anna, ben);
        var direct = before.Conversation.Id;
        foreach (var i in Enumerable.Range(1, 5))
            await world.SendAsync(anna with { ConnectionId = null }, direct, $"message {i}");

        await Advance(world, ben, direct, 3, null);
        await Advance(world, ben, direct, 5, 5);
        await Advance(world, ben, direct, 2, 1);

        var told = world.Fanout.To<ReceiptsMoved>(anna.AccountId);
        Assert.Equal(2, told.Count);
        Assert.Equal((5, 5), (told[^1].Items[0].DeliveredNumber, told[^1].Items[0].ReadNumber));
        await world.LiveEqualsFreshAsync(anna, before);
    }

    [Theory, EachDatabase]
    public async Task RC5_Each_message_knows_who_got_and_read_it_and_when(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben, cleo])).Conversation.Id;
        await world.SendAsync(anna, group, "one");
        await world.SendAsync(anna, group, "two");

        Assert.Equal(MessageStatus.Sent, (await Of(1)).Status);
        await Advance(world, ben, group, 2, 1);
        Assert.Equal(MessageStatus.Sent, (await Of(1)).Status);
        await Advance(world, cleo, group, 1, 1);

        var (first, second) = (await Of(1), await Of(2));
        Assert.Equal(MessageStatus.Read, first.Status);
        Assert.Equal(MessageStatus.Sent, second.Status);
        Assert.All(first.Items, item => Assert.NotNull(item.ReadAt));
        Assert.All(first.Items, item => Assert.True(item.DeliveredAt <= item.ReadAt));
        Assert.Null(second.Items.Single(item => item.AccountId == cleo.AccountId).DeliveredAt);

        async Task<MessageReceipts> Of(long number) => EngineWorld.Expect(
            await world.Get<GetMessageReceipts>().RunAsync(anna, new(group, number), Cancel));
    }

    [Theory, EachDatabase]
    public async Task RC5_Who_joins_later_lowers_nothing_and_who_leaves_holds_nothing_up(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben])).Conversation.Id;
        await world.SendAsync(anna, group, "one");
        await Advance(world, ben, group, 1, 1);

        await world.Get<AddMembers>().RunAsync(anna, new(group, [cleo.AccountId]), Cancel);
        Assert.Equal(MessageStatus.Read, await Status(1));

        await world.SendAsync(anna, group, "two");
        await Advance(world, ben, group, 2, 2);
        Assert.Equal(MessageStatus.Sent, await Status(2));
        await world.Get<RemoveMember>().RunAsync(anna, new(group, cleo.AccountId), Cancel);
        Assert.Equal(MessageStatus.Read, await Status(2));

        async Task<MessageStatus> Status(long number) => EngineWorld.Expect(
            await world.Get<GetMessageReceipts>().RunAsync(anna, new(group, number), Cancel)).Status;
    }

    [Theory, EachDatabase]
    public async Task RC5_When_nobody_of_the_receivers_is_left_whoever_left_last_decides(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben, cleo])).Conversation.Id;
        await world.SendAsync(anna, group, "one");
        await world.SendAsync(anna, group, "two");
        await Advance(world, cleo, group, 1, 1);

        await world.Get<RemoveMember>().RunAsync(anna, new(group, ben.AccountId), Cancel);
        Assert.Equal((MessageStatus.Read, MessageStatus.Sent), (await Status(1), await Status(2)));
        await world.Get<RemoveMember>().RunAsync(anna, new(group, cleo.AccountId), Cancel);
        Assert.Equal((MessageStatus.Read, MessageStatus.Sent), (await Status(1), await Status(2)));

        async Task<MessageStatus> Status(long number) => EngineWorld.Expect(
            await world.Get<GetMessageReceipts>().RunAsync(anna, new(group, number), Cancel)).Status;
    }

    [Theory, EachDatabase]
    public async Task RC6_Who_hides_reading_is_not_told_on_and_is_not_told(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        await world.Database.WriteAsync(turn => turn.ExecuteAsync(
            "UPDATE account SET sends_read_receipts = 0 WHERE id = @AccountId", new { ben.AccountId }), Cancel);
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await world.SendAsync(anna, direct, "one");
        await world.SendAsync(ben, direct, "two");

        await Advance(world, ben, direct, 2, 2);
        await Advance(world, anna, direct, 2, 2);

        Assert.All(
            world.Fanout.To<ReceiptsMoved>(anna.AccountId).SelectMany(push => push.Items)
                .Where(receipt => receipt.AccountId == ben.AccountId),
            receipt => Assert.Equal(0, receipt.ReadNumber));
        Assert.All(
            world.Fanout.To<ReceiptsMoved>(ben.AccountId).SelectMany(push => push.Items)
                .Where(receipt => receipt.AccountId == anna.AccountId),
            receipt => Assert.Equal(0, receipt.ReadNumber));
        var seen = await world.SnapshotAsync(anna, direct);
        Assert.Equal(0, seen.Receipts.Single(receipt => receipt.AccountId == ben.AccountId).ReadNumber);
        var own = await world.SnapshotAsync(ben, direct);
        Assert.Equal(2, own.Receipts.Single(receipt => receipt.AccountId == ben.AccountId).ReadNumber);
    }

    [Theory, EachDatabase]
    public async Task RC4_In_a_large_group_only_those_concerned_are_told(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var owner = await world.PersonAsync();
        var others = new List<Caller>();
        for (var i = 0; i < Limits.ReceiptsToAllMembersMax; i++)
            others.Add(await world.PersonAsync());
        var group = (await world.GroupAsync(owner, others)).Conversation.Id;
        await world.SendAsync(others[0], group, "one");

        await Advance(world, others[1], group, 1, 1);

        Assert.Single(world.Fanout.To<ReceiptsMoved>(others[0].AccountId));
        Assert.Single(world.Fanout.To<ReceiptsMoved>(others[1].AccountId));
        Assert.Empty(world.Fanout.To<ReceiptsMoved>(others[2].AccountId));
    }

    [Theory, EachDatabase]
    public async Task RC3_Who_is_not_a_member_moves_no_receipt(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, eve) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;

        var refused = await world.Get<AdvanceReceipts>().RunAsync(eve, new(direct, 1, 1));

        Assert.Equal(RefusalCode.NotFound, refused.Refusal!.Code);
    }

    private static async Task Advance(
        EngineWorld world, Caller who, ConversationId where, long delivered, long? read) =>
        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(who, new(where, delivered, read)));
}
