using Parley.Contract;
using static Parley.Contract.RefusalCode;

namespace Parley.Server.Tests.Doors;

/// <content>Catching up, people, and what is never stored.</content>
internal static partial class Scripts
{
    private static async Task Sync(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var fresh = await ben.DoAsync(Verbs.Sync, new(null, 0, []));
        var snapshot = Assert.Single(fresh.Account.Joined);
        await stage.SayAsync(anna, direct, "missed");
        await anna.DoAsync(Verbs.AdvanceReceipts, new(direct, 1, null));

        var cursor = new ConversationCursor(direct, snapshot.Seq, snapshot.ReceiptSeq);
        var missed = await ben.DoAsync(Verbs.Sync, new(fresh.Epoch, fresh.Account.Seq, [cursor]));
        Assert.Equal("missed", Assert.Single(Assert.Single(missed.Conversations).Messages).Body);
        Assert.Single(missed.Receipts);
        var elsewhere = cursor with { ConversationId = new(stage.NewId()) };
        var gone = await ben.DoAsync(Verbs.Sync, new(null, fresh.Account.Seq, [elsewhere]));
        Assert.Single(gone.Gone);
        Assert.True((await ben.DoAsync(Verbs.Sync, new("another", 1, []))).Reset);
        Assert.True((await ben.DoAsync(Verbs.Sync, new(null, fresh.Account.Seq, [cursor with { Seq = 1_000 }]))).Reset);

        var many = Enumerable.Repeat(new ConversationCursor(direct, 0, 0), Limits.SyncCursorsMax + 1).ToList();
        await ben.RefusedAsync(Invalid, Verbs.Sync, new(null, 1, many));
    }

    private static async Task Changes(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var eve = await stage.EnterAsync("eve");
        var sent = await stage.SayAsync(anna, direct, "one");
        await stage.SayAsync(ben, direct, "two");
        await anna.DoAsync(Verbs.Edit, new(direct, sent.Id, "one!", null));

        var changes = await ben.DoAsync(Verbs.Changes, new(direct, 0));
        Assert.Equal(["one!", "two"], changes.Messages.Select(message => message.Body));
        Assert.Empty((await ben.DoAsync(Verbs.Changes, new(direct, changes.Seq))).Messages);

        await ben.RefusedAsync(Invalid, Verbs.Changes, new(direct, changes.Seq + 1));
        await ben.RefusedAsync(Invalid, Verbs.Changes, new(direct, -1));
        await eve.RefusedAsync(NotFound, Verbs.Changes, new(direct, 0));
    }

    private static async Task People(Stage stage)
    {
        var (owner, member, stranger, _) = await stage.GroupAsync();

        var found = await member.DoAsync(Verbs.People, new([owner.Id]));
        Assert.Equal((owner.Id, owner.Person.Handle), Assert.Single(found.Items.Select(one => (one.Id, one.Handle))));
        Assert.Empty((await member.DoAsync(Verbs.People, new([stranger.Id, new(stage.NewId())]))).Items);
        Assert.Empty((await member.DoAsync(Verbs.People, new([]))).Items);

        var many = Enumerable.Range(0, Limits.PeopleLookupMax + 1).Select(_ => new AccountId(stage.NewId())).ToList();
        await owner.RefusedAsync(Invalid, Verbs.People, new(many));
    }

    private static async Task Typing(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        var eve = await stage.EnterAsync("eve");

        await anna.DoAsync(Verbs.Typing, new(direct, true));
        await ben.Watcher.Line.PushedAsync<Contract.Typing>(
            Wire.TypingTarget, typing => typing.AccountIds.SequenceEqual([anna.Id]));
        await anna.DoAsync(Verbs.Typing, new(direct, false));
        Assert.DoesNotContain(anna.Watcher.Line.Pushes, push => push.Target == Wire.TypingTarget);

        await eve.RefusedAsync(NotFound, Verbs.Typing, new(direct, true));
    }

    private static async Task WatchPresence(Stage stage)
    {
        var (owner, member, stranger, _) = await stage.GroupAsync();

        var seen = await member.DoAsync(Verbs.WatchPresence, new([owner.Id, stranger.Id]));
        Assert.Equal([new(owner.Id, PresenceState.Online, null)], seen.Items);
        Assert.Equal(2, (await owner.DoAsync(Verbs.WatchPresence, new([member.Id, stranger.Id]))).Items.Count);

        var many = Enumerable.Range(0, Limits.WatchedMax + 1).Select(_ => new AccountId(stage.NewId())).ToList();
        await owner.RefusedAsync(Invalid, Verbs.WatchPresence, new(many));
    }

    private static async Task SetSettings(Stage stage)
    {
        var (anna, ben, direct) = await stage.PairAsync();
        await stage.SayAsync(anna, direct, "read me");

        var busy = await ben.DoAsync(Verbs.SetSettings, new(PresenceChoice.Busy, false, null));
        Assert.Equal(new(PresenceChoice.Busy, false, true), busy);
        Assert.Equal(busy, await ben.DoAsync(Verbs.SetSettings, new(null, null, null)));
        Assert.False((await ben.DoAsync(Verbs.SetSettings, new(null, null, false))).SendsReadReceipts);
        await ben.DoAsync(Verbs.AdvanceReceipts, new(direct, 1, 1));
    }
}
