using Parley.Contract;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Presence;

/// <summary>Coming and going, and when somebody was last seen.</summary>
public sealed class PresenceTests
{
    [Theory, EachDatabase]
    public async Task PR1_Online_is_told_within_2_s_and_offline_30_s_after_the_last_frame(string database)
    {
        await using var world = await PresenceWorld.StartAsync(database);
        await world.ConnectAsync(world.Anna, world.Ben);

        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);
        Assert.Equal([PresenceState.Online], world.States(world.Anna, world.Ben));

        await world.AdvanceAsync(100);
        world.Tracker.Touched(world.Ben.AccountId, world.Ben.ConnectionId!); // PersonAsync gives one
        await world.AdvanceAsync(8);
        var seenAt = world.Clock.GetUtcNow();
        world.Disconnect(world.Ben);
        await world.AdvanceAsync(29);
        Assert.Single(world.Told(world.Anna, world.Ben));

        await world.AdvanceAsync(2);
        Assert.Equal([PresenceState.Online, PresenceState.Offline], world.States(world.Anna, world.Ben));
        Assert.Equal(seenAt, world.Told(world.Anna, world.Ben)[1].LastSeenAt);
        Assert.Equal(seenAt, await world.SavedAsync(world.Ben));
    }

    [Fact]
    public async Task PR1_A_drop_of_10_s_is_not_seen()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);

        world.Disconnect(world.Ben);
        await world.AdvanceAsync(10);
        await world.ConnectAsync(world.Ben with { ConnectionId = "the next" });
        await world.AdvanceAsync(60);

        Assert.Equal([PresenceState.Online], world.States(world.Anna, world.Ben));
        Assert.Null(await world.SavedAsync(world.Ben));
    }

    [Fact]
    public async Task PR1_A_connection_that_fell_silent_counts_from_its_last_frame()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(60);

        world.Disconnect(world.Ben, silentFor: TimeSpan.FromSeconds(30));
        await world.AdvanceAsync(1);

        Assert.Equal([PresenceState.Online, PresenceState.Offline], world.States(world.Anna, world.Ben));
        Assert.Equal(
            world.Clock.GetUtcNow() - TimeSpan.FromSeconds(31), world.Told(world.Anna, world.Ben)[1].LastSeenAt);
    }

    [Fact]
    public async Task PR1_Signing_out_ends_it_at_once_unless_another_device_is_there()
    {
        await using var world = await PresenceWorld.StartAsync();
        var phone = world.Ben with { ConnectionId = "phone" };
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.ConnectAsync(phone);
        Assert.Equal(2, world.Tracker.ConnectionsOf(world.Ben.AccountId));

        world.Tracker.Ended(world.Ben.AccountId, "phone");
        await world.AdvanceAsync(1);
        Assert.Equal([PresenceState.Online], world.States(world.Anna, world.Ben));
        Assert.Equal(1, world.Tracker.ConnectionsOf(world.Ben.AccountId));

        world.Tracker.Ended(world.Ben.AccountId);
        world.Disconnect(world.Ben);
        world.Disconnect(phone);
        await world.AdvanceAsync(1);
        Assert.Equal([PresenceState.Online, PresenceState.Offline], world.States(world.Anna, world.Ben));
        Assert.Equal(0, world.Tracker.ConnectionsOf(world.Ben.AccountId));
    }

    [Fact]
    public async Task PR2_Last_seen_never_moves_back_and_is_never_in_the_future()
    {
        await using var world = await PresenceWorld.StartAsync();
        var later = world.Clock.GetUtcNow().AddHours(1);
        await world.ExecuteAsync(
            "UPDATE account SET last_seen_at = @later WHERE id = @AccountId", new { later, world.Ben.AccountId });
        await world.ConnectAsync(world.Ben);
        world.Disconnect(world.Ben);
        await world.AdvanceAsync(31);

        Assert.Equal(later, await world.SavedAsync(world.Ben));
        Assert.Equal(world.Clock.GetUtcNow(), (await world.SeenByAsync(world.Anna, world.Ben)).LastSeenAt);
    }

    [Fact]
    public async Task PR2_A_server_that_stops_saves_who_was_there()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(5);

        await world.Tracker.DisposeAsync();

        Assert.Equal(world.Clock.GetUtcNow(), await world.SavedAsync(world.Ben));
    }

    [Fact]
    public async Task PR1_Many_who_come_together_are_told_in_one_frame_a_viewer()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben, world.Owner);
        await world.ConnectAsync(world.Ben);
        await world.ConnectAsync(world.Owner);
        await world.AdvanceAsync(2);

        var frame = Assert.Single(world.Engine.Fanout.To<Presences>(world.Anna.AccountId));
        Assert.Equal(2, frame.Items.Count);
    }
}
