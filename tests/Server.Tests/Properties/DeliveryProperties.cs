using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Messages;
using Parley.Server.Sync;
using Parley.Server.Tests.Engine;
using Device = Parley.Server.Tests.Engine.Device;

namespace Parley.Server.Tests.Properties;

/// <summary>Sending, sharing, coming back, sending again: on a real database, with stories drawn at random.</summary>
public sealed class DeliveryProperties
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void MS3_Property2_What_is_acknowledged_is_on_disk_and_was_pushed_as_it_is() =>
        Holds.Always(Story.Acts, 25, async acts =>
        {
            await using var story = await Story.BeginAsync();
            foreach (var act in acts)
            {
                var known = story.Sent.Count;
                await story.DoAsync(act);
                foreach (var (request, author, sent) in story.Sent.Skip(known))
                {
                    var stored = (await story.StoredAsync()).Single(message => message.Id == request.Id);
                    Assert.Equal((request.Body, sent.Number, sent.SentAt), (stored.Body, stored.Number, stored.SentAt));
                    var pushed = story.World.Fanout.All.Select(push => push.Payload).OfType<Changes>().Last();
                    Assert.Equal(stored, Assert.Single(pushed.Messages));
                    Assert.Equal(author.AccountId, stored.AuthorId);
                }
            }
        });

    [Fact]
    public void CV3_Property3_Every_change_goes_to_all_members_of_that_moment_and_to_nobody_else() =>
        Holds.Always(Story.Acts, 25, async acts =>
        {
            await using var story = await Story.BeginAsync();
            foreach (var act in acts)
            {
                var before = story.World.Fanout.All.Count;
                await story.DoAsync(act);
                var pushes = story.World.Fanout.All.Skip(before)
                    .Where(push => push.Payload is Changes or ReceiptsMoved);
                foreach (var group in pushes.GroupBy(push => push.Payload switch
                {
                    Changes changes => ("changes", changes.Seq),
                    ReceiptsMoved receipts => ("receipts", receipts.ReceiptSeq),
                    _ => default,
                }))
                {
                    // Who may not see a message gets the same step without it: together they are everyone, once.
                    Assert.Equal(
                        story.Members.OrderBy(account => account.Value),
                        group.SelectMany(push => push.Recipients).OrderBy(account => account.Value));
                }
            }
        });

    [Fact]
    public void SY3_Property8_A_device_that_was_away_from_any_moment_on_catches_up_to_the_same() =>
        Holds.Always(
            from first in Story.Acts
            from second in Story.Acts
            select (first, second),
            20,
            async acts =>
            {
                await using var story = await Story.BeginAsync();
                var (reader, id) = (story.People[1], story.Group.Conversation.Id);
                await story.PlayAsync(acts.first);
                var device = Device.From(await story.World.SnapshotAsync(reader, id));
                var (seq, receiptSeq) = (device.Seq, device.ReceiptSeq);
                var account = await AccountSeqAsync(story, reader.AccountId);
                await story.PlayAsync(acts.second);

                var reply = EngineWorld.Expect(await story.World.Get<SyncDevice>().RunAsync(
                    reader, new(null, account, [new(id, seq, receiptSeq)]), Cancel));
                Assert.False(reply.Reset);
                foreach (var changes in reply.Conversations)
                    Assert.False(device.Apply(changes));
                foreach (var receipts in reply.Receipts)
                    device.Apply(receipts);

                var fresh = Device.From(await story.World.SnapshotAsync(reader, id));
                Assert.Equal((fresh.Seq, fresh.ReceiptSeq), (device.Seq, device.ReceiptSeq));
                foreach (var (message, state) in fresh.Messages)
                    Assert.Equal(state, device.Messages[message]);
                Assert.Equal(fresh.Conversation, device.Conversation);
                Assert.Equal(fresh.Memberships, device.Memberships);
            });

    [Fact]
    public void MS1_Property11_However_often_it_is_sent_a_message_is_there_once_with_its_first_answer() =>
        Holds.Always(Story.Acts, 25, async acts =>
        {
            await using var story = await Story.BeginAsync();
            await story.PlayAsync(acts.Select(act => act with { Kind = act.Kind % 2 == 0 ? 0 : 5 }));
            var stored = await story.StoredAsync();
            Assert.Equal(story.Sent.Select(sent => sent.Request.Id), stored.Select(message => message.Id));
            Assert.Equal(story.Sent.Select(sent => sent.Sent.Number), stored.Select(message => message.Number));
        });

    [Fact]
    public void SY2_Property16_Live_equals_fresh_whatever_was_sent_edited_removed_and_read() =>
        Holds.Always(Story.Acts, 20, async acts =>
        {
            await using var story = await Story.BeginAsync();
            await story.PlayAsync(acts);
            await story.World.LiveEqualsFreshAsync(story.People[1], story.Group);
            Assert.All(
                await story.StoredAsync(),
                message => Assert.Equal(message.RemovedAt is null, message.Body is not null));
        });

    [Fact]
    public void HI1_Property17_The_first_load_is_the_last_fifty_in_order_and_the_next_the_twenty_before() =>
        Holds.Always(Gen.Choose(0, 90), 12, async count =>
        {
            await using var story = await Story.BeginAsync();
            var (world, id) = (story.World, story.Group.Conversation.Id);
            for (var i = 1; i <= count; i++)
                await world.SendAsync(story.People[i % 3], id, "message " + i);

            var first = EngineWorld.Expect(await world.Get<GetHistory>().RunAsync(
                story.People[1], new(id, HistoryDirection.Before, null, null), Cancel));
            var oldest = Math.Max(1, count - Limits.FirstPageCount + 1);
            Assert.Equal(Range(oldest, count), first.Items.Select(message => message.Number));
            Assert.Equal(oldest > 1, first.HasBefore);
            var second = EngineWorld.Expect(await world.Get<GetHistory>().RunAsync(
                story.People[1], new(id, HistoryDirection.Before, oldest, null), Cancel));
            Assert.Equal(
                Range(Math.Max(1, oldest - Limits.PageCount), oldest - 1),
                second.Items.Select(message => message.Number));
        });

    [Fact]
    public void MS2_Property18_Whoever_writes_at_once_the_numbers_are_dense_and_everybody_keeps_their_order() =>
        Holds.Always(Gen.Choose(1, 12).ArrayOf(4), 15, async counts =>
        {
            await using var story = await Story.BeginAsync();
            var id = story.Group.Conversation.Id;
            var sent = await Task.WhenAll(story.People.Zip(counts).Select(async who =>
            {
                var sending = Enumerable.Range(0, who.Second).Select(i =>
                    story.World.SendAsync(who.First, id, $"{who.First.AccountId} {i}")).ToList();
                return await Task.WhenAll(sending);
            }));
            Assert.Equal(Range(1, counts.Sum()), sent.SelectMany(own => own).Select(one => one.Number).Order());
            Assert.All(sent, own => Assert.Equal(own.Select(one => one.Number).Order(), own.Select(one => one.Number)));
        });

    private static IEnumerable<long> Range(long from, long to) =>
        Enumerable.Range((int)from, (int)Math.Max(0, to - from + 1)).Select(number => (long)number);

    private static Task<long> AccountSeqAsync(Story story, AccountId account) => story.World.Database.ReadAsync(
        view => view.SingleAsync<long>("SELECT head_seq FROM account WHERE id = @account", new { account }), Cancel);
}
