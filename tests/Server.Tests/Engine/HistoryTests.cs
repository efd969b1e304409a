using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Messages;

namespace Parley.Server.Tests.Engine;

public sealed class HistoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task HI1_Property13_Pages_of_twenty_after_fifty_make_the_whole_without_overlap_under_concurrent_writes(
        string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await Task.WhenAll(Enumerable.Range(1, 203).Select(i => world.SendAsync(anna, direct, $"{i}")));

        var first = await Page(world, ben, new(direct, HistoryDirection.Before, null, null));
        var pages = new List<HistoryPage> { first };
        while (pages[^1].HasBefore)
        {
            await world.SendAsync(anna, direct, "meanwhile");
            pages.Add(await Page(world, ben, new(direct, HistoryDirection.Before, pages[^1].Items[0].Number, null)));
        }

        Assert.Equal(Limits.FirstPageCount, first.Items.Count);
        Assert.Equal([20, 20, 20, 20, 20, 20, 20, 13], pages[1..].Select(page => page.Items.Count));
        var all = pages.SelectMany(page => page.Items).Select(message => message.Number).Order();
        Assert.Equal(Enumerable.Range(1, 203).Select(n => (long)n), all);
    }

    [Theory, EachDatabase]
    public async Task HI1_Forwards_and_around_meet_the_same_messages(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await Task.WhenAll(Enumerable.Range(1, 60).Select(i => world.SendAsync(anna, direct, $"{i}")));

        var after = await Page(world, ben, new(direct, HistoryDirection.After, 10, 5));
        var around = await Page(world, ben, new(direct, HistoryDirection.Around, 30, 10));
        var end = await Page(world, ben, new(direct, HistoryDirection.After, 60, 5));

        Assert.Equal([11, 12, 13, 14, 15], after.Items.Select(message => message.Number));
        Assert.True(after is { HasBefore: true, HasAfter: true });
        Assert.Equal([25, 26, 27, 28, 29, 30, 31, 32, 33, 34], around.Items.Select(message => message.Number));
        Assert.True(end is { Items: [], HasAfter: false });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Limits.PageCountMax + 1)]
    public async Task HI1_A_page_outside_the_bounds_is_refused(int count)
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;

        var refused = await world.Get<GetHistory>().RunAsync(
            anna, new(direct, HistoryDirection.Before, null, count), Cancel);

        Assert.Equal(RefusalCode.Invalid, refused.Refusal!.Code);
    }

    [Theory, EachDatabase]
    public async Task MS5_Removal_takes_the_text_keeps_who_and_when_and_is_final(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var before = await world.DirectAsync(anna, ben);
        var direct = before.Conversation.Id;
        var sent = await world.SendAsync(anna, direct, "CANARY");

        var foreign = await world.Get<RemoveMessage>().RunAsync(ben, new(direct, sent.Id), Cancel);
        var removed = EngineWorld.Expect(await world.Get<RemoveMessage>().RunAsync(anna, new(direct, sent.Id), Cancel));
        var again = EngineWorld.Expect(await world.Get<RemoveMessage>().RunAsync(anna, new(direct, sent.Id), Cancel));
        var edited = await world.Get<EditMessage>().RunAsync(anna, new(direct, sent.Id, "back", null), Cancel);

        Assert.Equal(RefusalCode.Forbidden, foreign.Refusal!.Code);
        Assert.Equal((null, anna.AccountId), (removed.Body, removed.RemovedBy));
        Assert.Equal(removed, again);
        Assert.Equal(RefusalCode.Removed, edited.Refusal!.Code);
        Assert.All((await world.SnapshotAsync(ben, direct)).Messages, message => Assert.Null(message.Body));
        await world.LiveEqualsFreshAsync(ben, before);
    }

    [Theory, EachDatabase]
    public async Task MS6_Two_devices_editing_at_once_one_wins_and_the_other_is_told(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var before = await world.DirectAsync(anna, ben);
        var direct = before.Conversation.Id;
        var sent = await world.SendAsync(anna, direct, "one");

        var edits = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => world.Get<EditMessage>().RunAsync(
            anna, new(direct, sent.Id, $"edit {i}", Version: 1), Cancel)));

        var won = Assert.Single(edits, edit => edit.Refusal is null);
        Assert.All(
            edits.Where(edit => edit.Refusal is not null),
            edit => Assert.Equal(RefusalCode.VersionConflict, edit.Refusal!.Code));
        Assert.Equal(won.Value, (await world.SnapshotAsync(ben, direct)).Messages[0]);
        await world.LiveEqualsFreshAsync(ben, before);
    }

    private static async Task<HistoryPage> Page(EngineWorld world, Caller who, GetHistoryRequest request) =>
        EngineWorld.Expect(await world.Get<GetHistory>().RunAsync(who, request, Cancel));
}
