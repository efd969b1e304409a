using FsCheck;
using FsCheck.Fluent;
using Parley.Client.Applying;
using Parley.Client.Syncing;
using Parley.Contract;

namespace Parley.Client.Tests;

/// <summary>Any order, any repetition, the same end. Each property runs some hundred random histories.</summary>
public sealed class ApplyTests
{
    private static readonly ConversationId Chat = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly AccountId[] People =
        [.. Enumerable.Range(1, 3).Select(i => new AccountId(new(i, 1, 0, new byte[8])))];

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void SY2_Changes_in_any_order_and_any_number_give_the_same_subjects() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Histories(), history =>
        {
            var inOrder = history.Changes.Aggregate(Fresh(), Apply.To);
            var shuffled = history.Shuffled().Aggregate(Fresh(), Apply.To);
            return Equal(inOrder, shuffled with { Seq = inOrder.Seq });
        }));

    [Fact]
    public void SY3_Held_changes_end_at_the_same_cursor_in_any_order_and_never_pass_a_gap() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Histories(), history =>
        {
            var inOrder = history.Changes.Aggregate(Fresh(), Apply.To);
            var held = new HeldChanges();
            var state = Fresh();
            var arrived = new HashSet<long>();
            foreach (var changes in history.Shuffled())
            {
                arrived.UnionWith(Steps(changes));
                held.Hold(changes);
                state = held.Drain(state);
                if (Enumerable.Range(1, (int)state.Seq).Any(seq => !arrived.Contains(seq)))
                    return false;
            }

            return Equal(inOrder, state) && !held.Has(Chat);
        }));

    [Fact]
    public void RC1_Receipts_in_any_order_and_any_number_give_the_same_watermarks() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Receipts(), receipts =>
        {
            var inOrder = receipts.InOrder.Aggregate(Fresh(), Apply.To);
            var shuffled = receipts.Shuffled().Aggregate(Fresh(), Apply.To);
            return inOrder.Receipts.OrderBy(each => each.Key.Value).SequenceEqual(
                shuffled.Receipts.OrderBy(each => each.Key.Value));
        }));

    [Fact]
    public void RC2_Read_implies_delivered_and_watermarks_never_fall() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Receipts(), receipts =>
        {
            var state = Fresh();
            foreach (var receipt in receipts.Shuffled())
            {
                var before = state.Receipts.GetValueOrDefault(receipt.AccountId);
                state = Apply.To(state, receipt);
                var after = state.Receipts[receipt.AccountId];
                if (after.ReadNumber > after.DeliveredNumber
                    || after.DeliveredNumber < (before?.DeliveredNumber ?? 0)
                    || after.ReadNumber < (before?.ReadNumber ?? 0))
                    return false;
            }

            return true;
        }));

    [Fact]
    public void MS5_A_late_edit_does_not_bring_back_what_was_removed()
    {
        var removed = Text(1, 5) with { Body = null, RemovedAt = Start };
        var state = Apply.To(Apply.To(Fresh(), Step(4, 5, removed)), Step(1, 2, Text(1, 2)));
        Assert.Null(state.Messages[1].Body);
    }

    [Fact]
    public void RC4_Receipts_after_a_gap_count_but_their_cursor_stays()
    {
        var receipt = new Receipt(Chat, People[1], 3, 0, Start, null);
        var state = Apply.To(Fresh(), new ReceiptsMoved(Chat, 4, 5, [receipt]));
        Assert.Equal((3, 0), (state.Receipts[People[1]].DeliveredNumber, state.ReceiptSeq));
        Assert.Equal(5, Apply.To(state, new ReceiptsMoved(Chat, 0, 5, [])).ReceiptSeq);
    }

    [Fact]
    public void RC5_Somebody_who_joins_later_does_not_lower_a_status_and_who_leaves_does_not_hold_it_up()
    {
        var state = Apply.To(Fresh(), Step(0, 1, Text(1, 1)));
        state = Apply.To(state, new Receipt(Chat, People[1], 1, 1, Start, Start));
        Assert.Equal(MessageStatus.Sent, Statuses.Of(state.Messages[1], state, null));

        var left = Member(People[2], 0, 2) with { LeftAt = Start };
        state = Apply.To(state, new Changes(Chat, 1, 2, 1, null, [left], [], false));
        state = state with { Conversation = state.Conversation with { MemberCount = 2 } };
        Assert.Equal(MessageStatus.Read, Statuses.Of(state.Messages[1], state, null));

        state = Apply.To(state, new Changes(Chat, 2, 3, 1, null, [Member(People[2], 1, 3)], [], false));
        state = state with { Conversation = state.Conversation with { MemberCount = 3 } };
        Assert.Equal(MessageStatus.Read, Statuses.Of(state.Messages[1], state, null));
        Assert.Equal(
            MessageStatus.Delivered, Statuses.Of(state.Messages[1], state, new(PresenceChoice.Auto, true, false)));
    }

    [Fact]
    public void RC5_When_the_last_receiver_leaves_the_status_stays_what_it_was_S1()
    {
        var state = Apply.To(Fresh(), Step(0, 1, Text(1, 1)));
        state = Apply.To(state, new Receipt(Chat, People[1], 1, 1, Start, Start));
        Move(Member(People[2], 0, 2) with { LeftAt = Start }, 2);
        Assert.Equal(MessageStatus.Read, Statuses.OfOwn(state.Messages[1], state, null));

        Move(Member(People[1], 0, 3) with { LeftAt = Start }, 1);
        Assert.Equal(MessageStatus.Read, Statuses.OfOwn(state.Messages[1], state, null));

        Move(Member(People[1], 1, 4), 2);
        Assert.Equal(MessageStatus.Read, Statuses.OfOwn(state.Messages[1], state, null));
        Assert.Equal(
            MessageStatus.Delivered, Statuses.OfOwn(state.Messages[1], state, new(PresenceChoice.Auto, true, false)));

        void Move(Membership membership, int count)
        {
            var seq = membership.ChangedSeq;
            var conversation = state.Conversation with { MemberCount = count, ChangedSeq = seq };
            state = Apply.KeepSettled(
                state, Apply.To(state, new Changes(Chat, seq - 1, seq, 1, conversation, [membership], [], false)),
                People[0]);
        }
    }

    [Fact]
    public void EX1_Undelivered_for_seven_days_shows_as_expired_until_it_is_delivered_after_all()
    {
        var state = Apply.To(Fresh(), Step(0, 1, Text(1, 1) with { ExpiredAt = Start }));
        Assert.Equal(MessageStatus.Expired, Statuses.Of(state.Messages[1], state, null));
        foreach (var other in People[1..])
            state = Apply.To(state, new Receipt(Chat, other, 1, 0, Start, null));
        Assert.Equal(MessageStatus.Delivered, Statuses.Of(state.Messages[1], state, null));
    }

    [Fact]
    public void SY5_The_digest_is_the_one_the_server_computes()
    {
        var sum = unchecked(HeadsDigest.OfAccount(3) + HeadsDigest.OfConversation(Chat, 7, 9, 3));
        var cache = new Cache(ClientState.Empty with { AccountSeq = 3 });
        cache.Put(Fresh() with { Seq = 7, ReceiptSeq = 9 });
        Assert.Equal(sum, new Comparison(cache).OwnDigest());
    }

    private static ConversationState Fresh() => Apply.To(
        null,
        new(
            new(Chat, ConversationKind.Group, "Chess", HistoryPolicy.All, 3, Start, null, 0),
            0,
            0,
            0,
            [.. People.Select(person => Member(person, 0, 0))],
            [],
            [],
            []),
        People[0]);

    private static Membership Member(AccountId person, long joinedNumber, long seq) =>
        new(Chat, person, MembershipRole.Member, Start, joinedNumber, null, seq);

    private static Message Text(long number, long seq) => new(
        new(new Guid((int)number, 2, 0, new byte[8])), Chat, number, People[0], $"text of {seq}", Start,
        null, null, null, null, (int)seq, seq);

    private static Changes Step(long after, long seq, params Message[] messages) => new(
        Chat, after, seq, messages.Length == 0 ? 0 : messages.Max(each => each.Number), null, [], messages, false);

    private static IEnumerable<long> Steps(Changes changes) =>
        Enumerable.Range((int)changes.AfterSeq + 1, (int)(changes.Seq - changes.AfterSeq)).Select(seq => (long)seq);

    private static bool Equal(ConversationState one, ConversationState other) =>
        one.Seq == other.Seq
        && one.HeadNumber == other.HeadNumber
        && one.Conversation == other.Conversation
        && one.Messages.Values.SequenceEqual(other.Messages.Values)
        && one.Memberships.OrderBy(each => each.Key.Value).SequenceEqual(
            other.Memberships.OrderBy(each => each.Key.Value));

    /// <summary>
    /// A random history of messages, edits, joinings and renamings, cut into pushes, and the order they arrive in.
    /// </summary>
    private static Arbitrary<History> Histories() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 40)
        select Make(new(seed), length));

    private static Arbitrary<Advances> Receipts() => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from length in Gen.Choose(1, 40)
        select MakeReceipts(new(seed), length));

    private static History Make(Random chance, int length)
    {
        var (seq, head) = (0L, 0L);
        var pushes = new List<Changes>();
        while (pushes.Count < length)
        {
            var after = seq;
            var messages = new Dictionary<long, Message>();
            var memberships = new Dictionary<AccountId, Membership>();
            Conversation? conversation = null;
            for (var i = chance.Next(1, 4); i > 0; i--)
            {
                seq++;
                switch (chance.Next(5))
                {
                    case 0 when head > 0:
                        var number = chance.Next(1, (int)head + 1);
                        messages[number] = Text(number, seq);
                        break;
                    case 1:
                        var person = People[chance.Next(People.Length)];
                        memberships[person] = Member(person, head, seq);
                        break;
                    case 2:
                        conversation = new(
                            Chat, ConversationKind.Group, $"name {seq}", HistoryPolicy.All, 3, Start, null, seq);
                        break;
                    default:
                        messages[++head] = Text(head, seq);
                        break;
                }
            }

            pushes.Add(new(Chat, after, seq, head, conversation, [.. memberships.Values],
                [.. messages.Values.OrderBy(each => each.Number)], false));
        }

        return new(pushes, chance.Next());
    }

    /// <summary>Receipts as a server makes them: the same number has the same time.</summary>
    private static Advances MakeReceipts(Random chance, int length)
    {
        var made = new List<Receipt>();
        for (var i = 0; i < length; i++)
        {
            var read = chance.Next(0, 20);
            var delivered = Math.Max(read, chance.Next(0, 20));
            made.Add(new(Chat, People[chance.Next(3)], delivered, read, At(delivered), At(read)));
        }

        return new(made, chance.Next());

        static DateTimeOffset? At(int number) => number == 0 ? null : Start.AddMinutes(number);
    }

    private sealed record History(IReadOnlyList<Changes> Changes, int Seed)
    {
        public Changes[] Shuffled() => Shuffle(Changes, new(Seed));
    }

    private sealed record Advances(IReadOnlyList<Receipt> InOrder, int Seed)
    {
        public Receipt[] Shuffled() => Shuffle(InOrder, new(Seed));
    }

    /// <summary>Everything at least once, about a third twice.</summary>
    private static T[] Shuffle<T>(IReadOnlyList<T> items, Random chance)
    {
        T[] all = [.. items, .. items.Where(_ => chance.Next(3) == 0)];
        chance.Shuffle(all);
        return all;
    }
}
