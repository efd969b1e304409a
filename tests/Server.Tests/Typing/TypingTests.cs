using Parley.Contract;
using Parley.Server.Storage;
using Parley.Server.Tests.Engine;
using Parley.Server.Typing;

namespace Parley.Server.Tests.Typing;

public sealed class TypingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task TY1_Typing_reaches_the_others_at_once_and_never_oneself(string database)
    {
        await using var world = await TypingWorld.StartAsync(database);

        Assert.Null((await world.TypesAsync(world.Ben)).Refusal);

        Assert.Equal([world.Ben.AccountId], world.Seen(world.Anna));
        Assert.Equal([world.Ben.AccountId], world.Seen(world.Cleo));
        Assert.Empty(world.Told(world.Ben));
    }

    [Fact]
    public async Task TY1_Several_typists_share_a_frame_in_which_nobody_sees_himself()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(0.05);
        await world.TypesAsync(world.Cleo);
        await world.TypesAsync(world.Anna);
        await world.AdvanceAsync(0.15);

        Assert.Equivalent(new[] { world.Ben.AccountId, world.Cleo.AccountId }, world.Seen(world.Anna), strict: true);
        Assert.Equivalent(new[] { world.Ben.AccountId, world.Anna.AccountId }, world.Seen(world.Cleo), strict: true);
        Assert.Equivalent(new[] { world.Cleo.AccountId, world.Anna.AccountId }, world.Seen(world.Ben), strict: true);
        Assert.Equal(2, world.Told(world.Cleo).Count);
    }

    [Fact]
    public async Task TY1_Property15_Typing_floods_leave_as_one_frame_a_second()
    {
        await using var world = await TypingWorld.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            foreach (var isTyping in new[] { true, false, true, true })
                await world.TypesAsync(world.Ben, isTyping);

            await world.AdvanceAsync(0.05);
        }

        Assert.InRange(world.Told(world.Anna).Count, 4, 6);
    }

    [Fact]
    public async Task TY1_Somebody_who_has_just_come_learns_it_by_the_next_sign()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(3);
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(0.1);

        Assert.Equal(2, world.Told(world.Anna).Count(typists => typists.Contains(world.Ben.AccountId)));
    }

    [Fact]
    public async Task TY2_Typing_ends_with_the_stop_within_a_second()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(0.2);
        await world.TypesAsync(world.Ben, isTyping: false);
        await world.AdvanceAsync(1);

        Assert.Empty(world.Seen(world.Anna));
        Assert.Equal(2, world.Told(world.Anna).Count);
    }

    [Fact]
    public async Task TY2_Typing_ends_with_the_message()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(2);
        await world.Engine.SendAsync(world.Ben, world.Group, "said");
        await world.Leases.Settled;

        Assert.Empty(world.Seen(world.Anna));
    }

    [Fact]
    public async Task TY2_Typing_ends_when_the_connection_closes_through_which_it_came()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(1);
        world.Leases.Disconnected(world.Ben.AccountId, "another tab");
        await world.Leases.Settled;
        Assert.Equal([world.Ben.AccountId], world.Seen(world.Anna));

        world.Leases.Disconnected(world.Ben.AccountId, world.Ben.ConnectionId!); // PersonAsync gives one
        await world.Leases.Settled;

        Assert.Empty(world.Seen(world.Anna));
    }

    [Fact]
    public async Task TY2_Typing_ends_4_s_after_the_last_sign_of_it()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(3);
        await world.TypesAsync(world.Ben);
        await world.AdvanceAsync(3.9);
        Assert.Equal([world.Ben.AccountId], world.Seen(world.Anna));

        await world.AdvanceAsync(0.2);

        Assert.Empty(world.Seen(world.Anna));
    }

    [Theory, EachDatabase]
    public async Task CV3_A_removed_member_is_told_of_no_typing(string database)
    {
        await using var world = await TypingWorld.StartAsync(database);
        await world.TypesAsync(world.Ben);
        var before = world.Told(world.Cleo).Count;

        await world.RemoveAsync(world.Cleo);
        await world.TypesAsync(world.Anna);
        await world.AdvanceAsync(6);

        Assert.Equal(before, world.Told(world.Cleo).Count);
        Assert.NotEmpty(world.Told(world.Ben));
    }

    [Fact]
    public async Task CV3_A_removed_typist_disappears_and_is_refused_like_a_stranger()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.TypesAsync(world.Ben);
        await world.RemoveAsync(world.Ben);

        await world.AdvanceAsync(1);
        var answer = await world.TypesAsync(world.Ben);

        Assert.Equal(RefusalCode.NotFound, answer.Refusal?.Code);
        Assert.Empty(world.Seen(world.Anna));
        var stranger = await world.Engine.PersonAsync(Role.Administrator);
        Assert.Equal(answer.Refusal, (await world.TypesAsync(stranger)).Refusal);
    }

    [Fact]
    public async Task PR4_Invisible_and_muted_people_are_not_shown_typing()
    {
        await using var world = await TypingWorld.StartAsync();
        await world.Engine.Database.WriteAsync(async turn =>
        {
            await turn.ExecuteAsync(
                "UPDATE account SET presence = 'invisible' WHERE id = @AccountId", new { world.Ben.AccountId });
            await turn.ExecuteAsync(
                "UPDATE membership SET muted_until = @until WHERE account_id = @AccountId",
                new { until = world.Clock.GetUtcNow().AddHours(1), world.Cleo.AccountId });
            return await turn.ExecuteAsync("UPDATE conversation SET roster_version = roster_version + 1");
        }, Cancel);

        Assert.Null((await world.TypesAsync(world.Ben)).Refusal);
        Assert.Null((await world.TypesAsync(world.Cleo)).Refusal);
        await world.AdvanceAsync(1);

        Assert.Empty(world.Told(world.Anna));
    }
}
