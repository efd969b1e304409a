using Parley.Contract;
using static Parley.Contract.RefusalCode;

namespace Parley.Server.Tests.Doors;

/// <summary>A script per verb: what it grants and what it refuses. Played through each door on each database.</summary>
internal static partial class Scripts
{
    private const string Greeting = "hello \"\\\u2028 <b>&amp; 👩‍👩‍👧‍👦";

    public static Dictionary<string, Func<Stage, Task>> All { get; } = new()
    {
        ["Send"] = Send,
        ["Edit"] = Edit,
        ["Remove"] = Remove,
        ["History"] = History,
        ["AdvanceReceipts"] = AdvanceReceipts,
        ["MessageReceipts"] = MessageReceipts,
        ["Sync"] = Sync,
        ["Changes"] = Changes,
        ["OpenDirect"] = OpenDirect,
        ["CreateGroup"] = CreateGroup,
        ["AddMembers"] = AddMembers,
        ["RemoveMember"] = RemoveMember,
        ["SetMemberRole"] = SetMemberRole,
        ["RenameGroup"] = RenameGroup,
        ["SetArchived"] = SetArchived,
        ["Members"] = Members,
        ["People"] = People,
        ["Typing"] = Typing,
        ["WatchPresence"] = WatchPresence,
        ["SetSettings"] = SetSettings,
    };

    private static async Task Send(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var eve = await stage.EnterAsync("eve");
        var id = new MessageId(stage.NewId());

        var first = await anna.DoAsync(Verbs.Send, new(id, direct, Greeting));
        await ben.DoAsync(Verbs.Send, new(new(stage.NewId()), direct, "hi"));
        Assert.Equal(first, await anna.DoAsync(Verbs.Send, new(id, direct, Greeting)));

        await anna.RefusedAsync(IdTaken, Verbs.Send, new(id, direct, "hello"));
        await ben.RefusedAsync(IdTaken, Verbs.Send, new(id, direct, Greeting));
        await anna.RefusedAsync(Empty, Verbs.Send, new(new(stage.NewId()), direct, " \t\n"));
        var tooLong = new string('x', Limits.BodyLengthMax + 1);
        await anna.RefusedAsync(TooLong, Verbs.Send, new(new(stage.NewId()), direct, tooLong));
        await anna.RefusedAsync(Invalid, Verbs.Send, new(new(stage.NewId()), direct, "a\0b"));
        await anna.RefusedAsync(Invalid, Verbs.Send, new(default, direct, "no id"));
        await eve.RefusedAsync(NotFound, Verbs.Send, new(new(stage.NewId()), direct, "let me in"));
        await eve.RefusedAsync(NotFound, Verbs.Send, new(new(stage.NewId()), new(stage.NewId()), "nowhere"));
        await ben.DoAsync(Verbs.SetArchived, new(direct, true));
        await anna.RefusedAsync(Archived, Verbs.Send, new(new(stage.NewId()), direct, "too late"));
    }

    private static async Task Edit(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var sent = await stage.SayAsync(anna, direct, "helo");

        var edited = await anna.DoAsync(Verbs.Edit, new(direct, sent.Id, "hello", 1));
        Assert.Equal(("hello", 2), (edited.Body, edited.Version));
        await anna.DoAsync(Verbs.Edit, new(direct, sent.Id, "hello!", null));

        await anna.RefusedAsync(VersionConflict, Verbs.Edit, new(direct, sent.Id, "hallo", 2));
        await ben.RefusedAsync(Forbidden, Verbs.Edit, new(direct, sent.Id, "mine now", null));
        await anna.RefusedAsync(Empty, Verbs.Edit, new(direct, sent.Id, "", null));
        await anna.RefusedAsync(NotFound, Verbs.Edit, new(direct, new(stage.NewId()), "nothing", null));
        await anna.DoAsync(Verbs.Remove, new(direct, sent.Id));
        await anna.RefusedAsync(Removed, Verbs.Edit, new(direct, sent.Id, "back", null));
    }

    private static async Task Remove(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();
        var own = await stage.SayAsync(member, group, "oops");
        var rude = await stage.SayAsync(member, group, "rude");
        var order = await stage.SayAsync(owner, group, "order");

        var removed = await member.DoAsync(Verbs.Remove, new(group, own.Id));
        Assert.Equal((null, member.Id), (removed.Body, removed.RemovedBy!.Value));
        Assert.Equal(removed, await member.DoAsync(Verbs.Remove, new(group, own.Id)));
        await owner.DoAsync(Verbs.Remove, new(group, rude.Id));

        await member.RefusedAsync(Forbidden, Verbs.Remove, new(group, order.Id));
        await stranger.RefusedAsync(NotFound, Verbs.Remove, new(group, order.Id));
        await owner.RefusedAsync(NotFound, Verbs.Remove, new(group, new(stage.NewId())));
    }

    private static async Task History(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var eve = await stage.EnterAsync("eve");
        for (var i = 1; i <= 25; i++)
            await stage.SayAsync(i % 2 == 0 ? anna : ben, direct, $"message {i}");

        var all = await anna.DoAsync(Verbs.History, new(direct, HistoryDirection.Before, null, null));
        Assert.Equal(25, all.Items.Count);
        var before = await anna.DoAsync(Verbs.History, new(direct, HistoryDirection.Before, 24, null));
        Assert.Equal((4, 23), (before.Items[0].Number, before.Items[^1].Number));
        Assert.Equal((true, true), (before.HasBefore, before.HasAfter));
        await ben.DoAsync(Verbs.History, new(direct, HistoryDirection.After, 3, 5));
        await ben.DoAsync(Verbs.History, new(direct, HistoryDirection.Around, 12, 10));
        await ben.DoAsync(Verbs.History, new(direct, HistoryDirection.After, 25, 100));

        await anna.RefusedAsync(Invalid, Verbs.History, new(direct, HistoryDirection.Before, null, 101));
        await anna.RefusedAsync(Invalid, Verbs.History, new(direct, HistoryDirection.Before, 7, 0));
        await anna.RefusedAsync(NotFound, Verbs.History, new(direct, HistoryDirection.Around, 26, null));
        await eve.RefusedAsync(NotFound, Verbs.History, new(direct, HistoryDirection.Before, null, null));
    }

    private static async Task AdvanceReceipts(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var eve = await stage.EnterAsync("eve");
        for (var i = 1; i <= 3; i++)
            await stage.SayAsync(anna, direct, $"message {i}");

        Assert.Equal(2, (await ben.DoAsync(Verbs.AdvanceReceipts, new(direct, 2, null))).DeliveredNumber);
        Assert.Equal(2, (await ben.DoAsync(Verbs.AdvanceReceipts, new(direct, 1, null))).DeliveredNumber);
        var clamped = await ben.DoAsync(Verbs.AdvanceReceipts, new(direct, 0, long.MaxValue));
        Assert.Equal((3, 3), (clamped.DeliveredNumber, clamped.ReadNumber));

        await ben.RefusedAsync(Invalid, Verbs.AdvanceReceipts, new(direct, -1, null));
        await ben.RefusedAsync(Invalid, Verbs.AdvanceReceipts, new(direct, 0, long.MinValue));
        await eve.RefusedAsync(NotFound, Verbs.AdvanceReceipts, new(direct, 1, 1));
    }

    private static async Task MessageReceipts(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();
        await stage.SayAsync(owner, group, "who was it?");
        await stage.SayAsync(member, group, "me");
        await member.DoAsync(Verbs.AdvanceReceipts, new(group, 1, 1));

        var read = await owner.DoAsync(Verbs.MessageReceipts, new(group, 1));
        Assert.Equal(MessageStatus.Read, read.Status);
        Assert.Equal(MessageStatus.Sent, (await member.DoAsync(Verbs.MessageReceipts, new(group, 2))).Status);

        await member.RefusedAsync(Forbidden, Verbs.MessageReceipts, new(group, 1));
        await stranger.RefusedAsync(NotFound, Verbs.MessageReceipts, new(group, 1));
        await owner.RefusedAsync(NotFound, Verbs.MessageReceipts, new(group, 3));
    }
}
