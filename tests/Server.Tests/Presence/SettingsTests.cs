using Parley.Contract;
using Parley.Server.Presence;
using Parley.Server.Receipts;
using Parley.Server.Sync;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Presence;

/// <summary>What people choose to show of themselves.</summary>
public sealed class SettingsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task PR4_An_invisible_person_comes_and_goes_without_a_trace(string database)
    {
        await using var world = await PresenceWorld.StartAsync(database);
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(10);

        await world.SetAsync(world.Ben, PresenceChoice.Invisible);
        var leftAt = world.Clock.GetUtcNow();
        await world.AdvanceAsync(1);
        Assert.Equal(new(world.Ben.AccountId, PresenceState.Offline, leftAt), world.Told(world.Anna, world.Ben)[^1]);
        var told = world.Told(world.Anna, world.Ben).Count;

        for (var i = 0; i < 3; i++)
        {
            await world.AdvanceAsync(5);
            Assert.Equal(leftAt, (await world.SeenByAsync(world.Anna, world.Ben)).LastSeenAt);
            world.Disconnect(world.Ben);
            await world.AdvanceAsync(40);
            Assert.Equal(leftAt, (await world.SeenByAsync(world.Anna, world.Ben)).LastSeenAt);
            await world.ConnectAsync(world.Ben);
        }

        Assert.Equal(told, world.Told(world.Anna, world.Ben).Count);
        Assert.Equal(leftAt, await world.SavedAsync(world.Ben));

        await world.SetAsync(world.Ben, PresenceChoice.Auto);
        await world.AdvanceAsync(1);
        Assert.Equal(PresenceState.Online, world.States(world.Anna, world.Ben)[^1]);
    }

    [Fact]
    public async Task PR4_Settings_that_nobody_can_see_the_effect_of_are_not_told()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);

        await world.SetAsync(world.Ben, PresenceChoice.Invisible);
        await world.SetAsync(world.Ben, PresenceChoice.Busy);
        await world.AdvanceAsync(2);
        Assert.Empty(world.Told(world.Anna, world.Ben));

        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);
        await world.SetAsync(world.Ben, showsLastSeen: false);
        await world.AdvanceAsync(2);
        Assert.Equal([PresenceState.Busy], world.States(world.Anna, world.Ben));
    }

    [Fact]
    public async Task PR4_Leaving_and_then_choosing_invisible_does_not_leave_one_online()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);

        world.Tracker.Ended(world.Ben.AccountId);
        await world.SetAsync(world.Ben, PresenceChoice.Invisible);
        await world.AdvanceAsync(2);

        Assert.Equal([PresenceState.Online, PresenceState.Offline], world.States(world.Anna, world.Ben));
    }

    [Theory]
    [InlineData(PresenceChoice.Away, PresenceState.Away)]
    [InlineData(PresenceChoice.Busy, PresenceState.Busy)]
    [InlineData(PresenceChoice.Invisible, PresenceState.Offline)]
    public async Task PR4_A_choice_is_told_to_those_who_look(PresenceChoice choice, PresenceState state)
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(1);

        await world.SetAsync(world.Ben, choice);
        await world.AdvanceAsync(1);

        Assert.Equal([PresenceState.Online, state], world.States(world.Anna, world.Ben));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public async Task PR4_Last_seen_shows_only_if_both_sides_show_it(bool anna, bool ben, bool shows)
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.SetAsync(world.Anna, showsLastSeen: anna);
        await world.SetAsync(world.Ben, showsLastSeen: ben);
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(1);
        world.Disconnect(world.Ben);
        await world.AdvanceAsync(31);

        Assert.Equal(shows, world.Told(world.Anna, world.Ben)[^1].LastSeenAt is not null);
        Assert.Equal(shows, (await world.SeenByAsync(world.Anna, world.Ben)).LastSeenAt is not null);
    }

    [Theory, EachDatabase]
    public async Task RC6_Hiding_receipts_moves_no_watermark_and_shows_none(string database)
    {
        await using var world = await PresenceWorld.StartAsync(database);
        var group = world.Group;
        await world.Engine.SendAsync(world.Anna, group, "one");
        await world.Engine.Get<AdvanceReceipts>().RunAsync(world.Ben, new(group, 1, 1));
        var pushed = world.Engine.Fanout.All.Count(push => push.Payload is ReceiptsMoved);

        await world.SetAsync(world.Ben, sendsReadReceipts: false);
        Assert.Equal((1, 0), await MarksAsync(world.Anna));
        Assert.Equal((1, 1), await MarksAsync(world.Ben));

        // The remembered roster is void, so the very next advance hides already.
        await world.Engine.SendAsync(world.Anna, group, "two");
        await world.Engine.Get<AdvanceReceipts>().RunAsync(world.Ben, new(group, 2, 2));
        var live = world.Engine.Fanout.To<ReceiptsMoved>(world.Anna.AccountId)[^1].Items;
        Assert.Equal(0, Assert.Single(live, receipt => receipt.AccountId == world.Ben.AccountId).ReadNumber);
        var afterAdvance = world.Engine.Fanout.All.Count(push => push.Payload is ReceiptsMoved);

        await world.SetAsync(world.Ben, sendsReadReceipts: true);
        Assert.Equal((2, 2), await MarksAsync(world.Anna));
        Assert.Equal(afterAdvance, world.Engine.Fanout.All.Count(push => push.Payload is ReceiptsMoved));
        Assert.True(afterAdvance > pushed);

        async Task<(long, long)> MarksAsync(Parley.Server.Kernel.Caller viewer)
        {
            var snapshot = await world.Engine.SnapshotAsync(viewer, group);
            var receipt = Assert.Single(snapshot.Receipts, receipt => receipt.AccountId == world.Ben.AccountId);
            return (receipt.DeliveredNumber, receipt.ReadNumber);
        }
    }

    [Theory, EachDatabase]
    public async Task SY7_Settings_are_one_step_of_the_account_stream_and_none_if_nothing_moves(string database)
    {
        await using var world = await PresenceWorld.StartAsync(database);
        var before = await world.Engine.Database.ReadAsync(
            view => AccountCatchUp.ReadAsync(view, world.Ben.AccountId, 0), Cancel);

        var settings = await world.SetAsync(world.Ben, PresenceChoice.Away, showsLastSeen: false);
        await world.SetAsync(world.Ben, PresenceChoice.Away);
        await world.SetAsync(world.Ben);

        Assert.Equal(new(PresenceChoice.Away, ShowsLastSeen: false, SendsReadReceipts: true), settings);
        Assert.Equal(settings, EngineWorld.Expect(await world.Engine.Get<GetSettings>().RunAsync(world.Ben, Cancel)));
        var after = await world.Engine.Database.ReadAsync(
            view => AccountCatchUp.ReadAsync(view, world.Ben.AccountId, before!.Changes.Seq), Cancel);
        Assert.Equal(before!.Changes.Seq + 1, after!.Changes.Seq); // the cursor is the stream's own
        Assert.Equal(settings, after.Changes.Settings);
    }
}
