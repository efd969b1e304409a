using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Messages;
using Parley.Server.Receipts;
using Parley.Server.Sync;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Properties;

/// <summary>Statuses, heartbeats and refusals.</summary>
public sealed class StateProperties
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void RC5_Property5_A_status_only_rises_while_receipts_advance_and_members_leave() =>
        Prop.ForAll<(byte Who, byte Delivered, byte Read, bool Leaves)[]>(acts =>
        {
            const long Number = 50;
            var others = new Dictionary<int, Watermarks> { [0] = default, [1] = default, [2] = default };
            var status = MessageStatus.Sent;
            foreach (var (who, delivered, read, leaves) in acts)
            {
                var key = who % 3;
                if (others.TryGetValue(key, out var marks))
                    others[key] = ReceiptRules.Advance(marks, delivered % 100, read % 100, head: 100);
                if (leaves && others.Count > 1)
                    others.Remove(key);

                var readers = others.Values.Select(other => new ReaderMarks(other, ShowsReading: true)).ToList();
                var now = ReceiptRules.StatusOf(Number, isExpired: false, readers);
                if (now < status)
                    return false;

                status = now;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void SY5_Property14_A_heartbeat_names_the_heads_of_a_device_that_has_all_and_no_other() =>
        Holds.Always(Story.Acts, 15, async acts =>
        {
            await using var story = await Story.BeginAsync();
            var (reader, id) = (story.People[1], story.Group.Conversation.Id);
            await story.PlayAsync(acts);
            var stream = await story.World.Database.ReadAsync(view => view.SingleAsync<long>(
                "SELECT head_seq FROM account WHERE id = @AccountId", new { reader.AccountId }), Cancel);
            var device = await story.World.SnapshotAsync(reader, id);
            var beat = await story.World.Get<Heads>().HeartbeatAsync(reader.AccountId, Cancel);
            Assert.Equal(beat.Digest, DigestOf(device.Seq, device.ReceiptSeq));
            Assert.NotEqual(beat.Digest, DigestOf(device.Seq - 1, device.ReceiptSeq));
            Assert.NotEqual(beat.Digest, DigestOf(device.Seq, device.ReceiptSeq + 1));

            long DigestOf(long seq, long receiptSeq) => unchecked(
                HeadsDigest.OfAccount(stream)
                + HeadsDigest.OfConversation(id, seq, receiptSeq, device.Conversation.MemberCount));
        });

    [Fact]
    public void MS4_Property19_Whatever_is_asked_is_done_or_refused_by_code_and_a_refusal_stores_nothing() =>
        Holds.Always(
            from body in Gen.OneOf(
                ArbMap.Default.GeneratorFor<string>().Where(text => text is not null),
                Gen.Choose(0, 5_000).Select(length => new string('x', length)),
                Gen.Elements("", " ", "\0", "\ud800", "\t\n"))
            from hasId in Gen.Elements(true, false)
            from isMember in Gen.Elements(true, false)
            select (body, hasId, isMember),
            60,
            async asked =>
            {
                await using var story = await Story.BeginAsync();
                var stranger = await story.World.PersonAsync();
                var answer = await story.World.Get<SendMessage>().RunAsync(
                    asked.isMember ? story.People[1] : stranger,
                    new(asked.hasId ? new(Guid.CreateVersion7()) : default, story.Group.Conversation.Id, asked.body));
                Assert.True(answer.Value is null != answer.Refusal is null);
                Assert.Equal(answer.Value is null ? 0 : 1, (await story.StoredAsync()).Count);
                if (answer.Refusal is { } refusal)
                {
                    Assert.False(string.IsNullOrWhiteSpace(refusal.Detail));
                    Assert.NotEqual(RefusalCode.Unexpected, refusal.Code);
                }
            });
}
