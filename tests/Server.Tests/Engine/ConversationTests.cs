using Parley.Contract;
using Parley.Server.Conversations;

namespace Parley.Server.Tests.Engine;

public sealed class ConversationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task CV1_Opening_a_pair_from_both_sides_at_once_gives_one_conversation(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());

        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            i % 2 == 0 ? world.DirectAsync(anna, ben) : world.DirectAsync(ben, anna)));

        Assert.Single(opened.Select(snapshot => snapshot.Conversation.Id).Distinct());
        Assert.All(opened, snapshot => Assert.Equal(2, snapshot.Memberships.Count));
    }

    [Theory, EachDatabase]
    public async Task CV2_A_joiner_sees_what_came_after_joining_and_nothing_of_before(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [])).Conversation.Id;
        var old = await world.SendAsync(anna, group, "before");
        await world.Get<AddMembers>().RunAsync(anna, new(group, [ben.AccountId]), Cancel);
        var joined = await world.SnapshotAsync(ben, group);
        await world.SendAsync(anna, group, "after");

        await world.Get<Messages.EditMessage>().RunAsync(anna, new(group, old.Id, "CANARY", null), Cancel);

        var seen = await world.SnapshotAsync(ben, group);
        Assert.Equal(["after"], seen.Messages.Select(message => message.Body));
        Assert.DoesNotContain(
            world.Fanout.To<Changes>(ben.AccountId).SelectMany(push => push.Messages),
            message => message.Number <= old.Number);
        await world.LiveEqualsFreshAsync(ben, joined);
    }

    [Theory, EachDatabase]
    public async Task CV2_With_history_all_a_joiner_sees_everything_and_nothing_is_unread(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [], HistoryPolicy.All)).Conversation.Id;
        await world.SendAsync(anna, group, "before");

        await world.Get<AddMembers>().RunAsync(anna, new(group, [ben.AccountId]), Cancel);

        var seen = await world.SnapshotAsync(ben, group);
        Assert.Equal("before", Assert.Single(seen.Messages).Body);
        Assert.Equal(1, seen.Receipts.Single(receipt => receipt.AccountId == ben.AccountId).ReadNumber);
    }

    [Theory, EachDatabase]
    public async Task CV3_A_removed_member_receives_nothing_after_the_removal(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben])).Conversation.Id;
        await world.SendAsync(anna, group, "while ben is here");
        await world.Get<RemoveMember>().RunAsync(anna, new(group, ben.AccountId), Cancel);
        var before = world.Fanout.To<Changes>(ben.AccountId).Count;

        await world.SendAsync(anna, group, "after ben left");
        var send = await world.TrySendAsync(ben, group, "still here?");
        var changes = await world.Get<Sync.GetChanges>().RunAsync(ben, new(group, 0), Cancel);
        var history = await world.Get<Messages.GetHistory>().RunAsync(
            ben, new(group, HistoryDirection.Before, null, null), Cancel);

        Assert.Equal(before, world.Fanout.To<Changes>(ben.AccountId).Count);
        Assert.Equal(RefusalCode.NotFound, send.Refusal!.Code);
        Assert.Equal(RefusalCode.NotFound, changes.Refusal!.Code);
        Assert.Equal(RefusalCode.NotFound, history.Refusal!.Code);
    }

    [Theory, EachDatabase]
    public async Task CV3_Members_removed_and_added_in_a_loop_never_see_what_was_said_without_them(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben])).Conversation.Id;
        var talking = Task.Run(
            async () =>
            {
                for (var i = 0; i < 150; i++)
                    await world.SendAsync(anna, group, $"message {i}");
            },
            Cancel);
        while (!talking.IsCompleted)
        {
            await world.Get<RemoveMember>().RunAsync(anna, new(group, ben.AccountId), Cancel);
            await world.Get<AddMembers>().RunAsync(anna, new(group, [ben.AccountId]), Cancel);
        }

        await talking;
        // What anna saw is the log: ben may have been pushed a message only while his membership stood at its seq.
        var membership = world.Fanout.To<Changes>(anna.AccountId)
            .SelectMany(push => push.Memberships)
            .Where(moved => moved.AccountId == ben.AccountId)
            .OrderBy(moved => moved.ChangedSeq)
            .ToList();
        foreach (var message in world.Fanout.To<Changes>(ben.AccountId).SelectMany(push => push.Messages))
        {
            var state = membership.LastOrDefault(moved => moved.ChangedSeq < message.ChangedSeq);
            Assert.True(state?.LeftAt is null, $"message {message.Number} reached somebody who was out");
        }
    }

    [Theory, EachDatabase]
    public async Task CV4_The_last_owner_cannot_leave_the_others_alone(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var snapshot = await world.GroupAsync(anna, [ben]);
        var group = snapshot.Conversation.Id;

        var alone = await world.Get<RemoveMember>().RunAsync(anna, new(group, anna.AccountId), Cancel);
        var unnamed = await world.Get<SetMemberRole>().RunAsync(
            anna, new(group, anna.AccountId, MembershipRole.Member), Cancel);
        await world.Get<SetMemberRole>().RunAsync(anna, new(group, ben.AccountId, MembershipRole.Owner), Cancel);
        var handedOver = await world.Get<RemoveMember>().RunAsync(anna, new(group, anna.AccountId), Cancel);

        Assert.Equal(RefusalCode.LastOwner, alone.Refusal!.Code);
        Assert.Equal(RefusalCode.LastOwner, unnamed.Refusal!.Code);
        Assert.Null(handedOver.Refusal);
        await world.LiveEqualsFreshAsync(ben, snapshot with { Memberships = snapshot.Memberships });
    }

    [Theory, EachDatabase]
    public async Task CV4_An_archived_conversation_is_read_and_not_written(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var snapshot = await world.DirectAsync(anna, ben);
        var direct = snapshot.Conversation.Id;
        await world.SendAsync(anna, direct, "hello");

        await world.Get<SetArchived>().RunAsync(ben, new(direct, Archived: true), Cancel);
        var refused = await world.TrySendAsync(anna, direct, "too late");
        await world.Get<SetArchived>().RunAsync(anna, new(direct, Archived: false), Cancel);
        await world.SendAsync(anna, direct, "open again");

        Assert.Equal(RefusalCode.Archived, refused.Refusal!.Code);
        await world.LiveEqualsFreshAsync(ben, snapshot);
    }

    [Theory, EachDatabase]
    public async Task Only_owners_run_a_group_and_nobody_runs_a_pair(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var group = (await world.GroupAsync(anna, [ben])).Conversation.Id;
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;

        Assert.Equal(
            RefusalCode.Forbidden,
            (await world.Get<AddMembers>().RunAsync(ben, new(group, [cleo.AccountId]), Cancel)).Refusal!.Code);
        Assert.Equal(
            RefusalCode.Forbidden,
            (await world.Get<RenameGroup>().RunAsync(ben, new(group, "Mine"), Cancel)).Refusal!.Code);
        Assert.Equal(
            RefusalCode.NotAGroup,
            (await world.Get<AddMembers>().RunAsync(anna, new(direct, [cleo.AccountId]), Cancel)).Refusal!.Code);
        Assert.Equal(
            RefusalCode.NotAGroup,
            (await world.Get<RemoveMember>().RunAsync(anna, new(direct, anna.AccountId), Cancel)).Refusal!.Code);
    }

    [Fact]
    public async Task Members_start_no_group_and_reach_only_staff_and_those_they_share_a_conversation_with()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var teacher = await world.PersonAsync(Role.Staff);
        var (student, other) = (await world.PersonAsync(Role.Member), await world.PersonAsync(Role.Member));

        var group = await world.Get<CreateGroup>().RunAsync(
            student, new(new(Guid.CreateVersion7()), "Friends", [], null), Cancel);
        var stranger = await world.Get<OpenDirect>().RunAsync(student, new(other.AccountId), Cancel);
        await world.DirectAsync(student, teacher);
        await world.GroupAsync(teacher, [student, other]);
        var classmate = await world.Get<OpenDirect>().RunAsync(student, new(other.AccountId), Cancel);

        Assert.Equal(RefusalCode.Forbidden, group.Refusal!.Code);
        Assert.Equal(RefusalCode.NotFound, stranger.Refusal!.Code);
        Assert.NotNull(classmate.Value);
    }
}
