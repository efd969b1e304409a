using Parley.Contract;
using Parley.Server.Presence;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Presence;

/// <summary>Who may look at whom, and who is told.</summary>
public sealed class WatchingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task PR3_Only_who_looks_is_told_and_only_of_people_they_share_a_conversation_with(string database)
    {
        await using var world = await PresenceWorld.StartAsync(database);
        await world.ConnectAsync(world.Stranger);
        await world.ConnectAsync(world.Anna);

        var unknown = world.Ben with { AccountId = new(Guid.NewGuid()) };
        var seen = await world.WatchAsync(world.Anna, world.Ben, world.Stranger, unknown);
        Assert.Equal(world.Ben.AccountId, Assert.Single(seen).AccountId);
        Assert.Empty(await world.WatchAsync(world.Stranger, world.Ben));

        await world.ConnectAsync(world.Owner);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);

        Assert.Equal([PresenceState.Online], world.States(world.Anna, world.Ben));
        Assert.Empty(world.Told(world.Stranger, world.Ben));
        Assert.Empty(world.Told(world.Owner, world.Ben));
    }

    [Fact]
    public async Task PR3_Staff_look_at_anyone()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Owner, world.Stranger);
        await world.ConnectAsync(world.Stranger);
        await world.AdvanceAsync(2);

        Assert.Equal([PresenceState.Online], world.States(world.Owner, world.Stranger));

        // Somebody who is staff no more sees no more than others, from that moment on.
        await world.ExecuteAsync(
            "UPDATE account SET role = 'member' WHERE id = @AccountId", new { world.Owner.AccountId });
        world.Tracker.Ended(world.Stranger.AccountId);
        await world.AdvanceAsync(2);
        Assert.Single(world.Told(world.Owner, world.Stranger));
    }

    [Fact]
    public async Task PR3_A_list_replaces_the_former_and_ends_with_its_connection()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.WatchAsync(world.Anna, world.Owner);
        await world.ConnectAsync(world.Ben);
        await world.ConnectAsync(world.Owner);
        await world.AdvanceAsync(2);
        Assert.Empty(world.Told(world.Anna, world.Ben));
        Assert.Single(world.Told(world.Anna, world.Owner));

        world.Disconnect(world.Anna);
        await world.WatchAsync(world.Anna, world.Owner);
        world.Tracker.Ended(world.Owner.AccountId);
        await world.AdvanceAsync(2);
        Assert.Single(world.Told(world.Anna, world.Owner));
    }

    [Fact]
    public async Task PR3_Over_HTTP_it_answers_and_looks_no_further()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna);
        Assert.Equal(PresenceState.Offline, (await world.SeenByAsync(world.Anna, world.Ben)).State);

        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);

        Assert.Equal(PresenceState.Online, (await world.SeenByAsync(world.Anna, world.Ben)).State);
        Assert.Empty(world.Told(world.Anna, world.Ben));
    }

    [Fact]
    public async Task PR3_More_than_200_people_are_refused()
    {
        await using var world = await PresenceWorld.StartAsync();
        var answer = await world.Engine.Get<WatchPresence>().RunAsync(
            world.Anna, new([.. Enumerable.Range(0, 201).Select(_ => new AccountId(Guid.NewGuid()))]), Cancel);

        Assert.Equal(RefusalCode.Invalid, answer.Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task CV3_PR3_A_removed_member_is_told_of_nobody_any_more(string database)
    {
        await using var world = await PresenceWorld.StartAsync(database);
        await world.ConnectAsync(world.Anna, world.Ben);

        await world.RemoveAsync(world.Anna);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);

        Assert.Empty(world.Told(world.Anna, world.Ben));
    }

    [Fact]
    public async Task PR3_Another_conversation_they_share_keeps_them_in_sight()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.Engine.DirectAsync(world.Anna, world.Ben);

        await world.RemoveAsync(world.Anna);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);

        Assert.Equal([PresenceState.Online], world.States(world.Anna, world.Ben));
    }

    [Fact]
    public async Task PR3_That_a_deactivated_person_is_gone_is_told_to_those_who_looked()
    {
        await using var world = await PresenceWorld.StartAsync();
        await world.ConnectAsync(world.Anna, world.Ben);
        await world.ConnectAsync(world.Ben);
        await world.AdvanceAsync(2);
        await world.ExecuteAsync(
            "UPDATE account SET deactivated_at = 1 WHERE id = @AccountId", new { world.Ben.AccountId });
        await world.ExecuteAsync(
            "UPDATE conversation SET roster_version = roster_version + 1 WHERE id = @Group", new { world.Group });

        world.Tracker.Ended(world.Ben.AccountId);
        await world.AdvanceAsync(2);

        Assert.Equal([PresenceState.Online, PresenceState.Offline], world.States(world.Anna, world.Ben));
    }
}
