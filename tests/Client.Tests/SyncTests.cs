using Parley.Client.Tests.Fakes;
using Parley.Contract;

namespace Parley.Client.Tests;

public sealed class SyncTests
{
    private readonly World _world = new();

    [Fact]
    public void SY3_A_lost_push_is_fetched_when_the_next_one_shows_the_gap()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        _world.Server.LosesPush = (to, _) => to == _world.Ben;
        anna.Say("one");
        _world.Server.LosesPush = (_, _) => false;
        anna.Say("two");
        Assert.Empty(ben.Texts);

        _world.Seconds(0.3);

        Assert.Equal(["one", "two"], ben.Texts);
        Assert.Single(_world.Server.Calls, call => call.Verb == nameof(IParleyHub.Changes));
    }

    [Fact]
    public void SY3_Pushes_in_the_wrong_order_are_put_right_without_asking()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        var delays = new Queue<double>([0.15, 0.02, 0.05]);
        _world.Server.PushDelay = () => TimeSpan.FromSeconds(delays.TryDequeue(out var delay) ? delay : 0.001);
        foreach (var text in (string[])["one", "two", "three"])
            anna.Say(text);

        _world.Seconds(0.1);
        Assert.Empty(ben.Texts);
        _world.Seconds(1);

        Assert.Equal(["one", "two", "three"], ben.Texts);
        Assert.DoesNotContain(_world.Server.Calls, call => call.Verb == nameof(IParleyHub.Changes));
    }

    [Fact]
    public void SY5_A_lost_last_push_is_noticed_by_the_next_heartbeat()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        _world.Server.LosesPush = (to, _) => to == _world.Ben;
        anna.Say("the last one");
        _world.Seconds(5);
        Assert.Empty(ben.Texts);

        _world.Server.LosesPush = (_, _) => false;
        _world.Server.Heartbeat();

        Assert.Equal(["the last one"], ben.Texts);
        var syncs = _world.Server.Calls.Count(call => call.Verb == nameof(IParleyHub.Sync));
        _world.Seconds(5);
        _world.Server.Heartbeat();
        Assert.Equal(syncs, _world.Server.Calls.Count(call => call.Verb == nameof(IParleyHub.Sync)));
    }

    [Fact]
    public void SY4_After_a_reconnect_one_request_brings_everything_and_long_absences_are_paged()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        _world.Server.LosesPush = (to, _) => to == _world.Ben;
        _world.Server.PageCount = 10;
        for (var i = 1; i <= 35; i++)
            anna.Say($"text {i}");
        _world.Server.Calls.Clear();

        _world.Server.Kill();
        _world.Server.LosesPush = (_, _) => false;
        _world.Server.Revive();
        _world.Seconds(5);

        Assert.Equal(35, ben.Texts.Count);
        Assert.Equal(2, _world.Server.Calls.Count(call => call.Verb == nameof(IParleyHub.Sync)));
        Assert.Equal(3, _world.Server.Calls.Count(call => call.Verb == nameof(IParleyHub.Changes)));
    }

    [Fact]
    public void SY3_While_pages_are_still_to_come_nobody_sees_a_message_whose_predecessor_is_missing_D10()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        _world.Server.LosesPush = (to, _) => to == _world.Ben;
        _world.Server.PageCount = 10;
        for (var i = 1; i <= 35; i++)
            anna.Say($"text {i}");

        // Edited last, the first message comes on the last page.
        _ = anna.Client.EditAsync(anna.Client.State.Conversations[_world.Chat].Messages[1], "edited");
        _world.Server.LosesPush = (_, _) => false;
        _world.Server.Heartbeat();

        Assert.Equal(35, ben.Texts.Count);
        Assert.Equal("edited", ben.Texts[0]);
        Assert.Equal(0, ben.HolesShown);
    }

    [Fact]
    public void SY4_More_than_200_conversations_are_asked_for_in_several_requests()
    {
        for (var i = 0; i < 450; i++)
            _world.Server.Add(_world.Anna, new AccountId(Guid.CreateVersion7()));
        var anna = _world.Start(_world.Anna);
        Assert.Equal(451, anna.Client.State.Conversations.Count);
        _world.Server.Calls.Clear();

        _world.Server.Kill();
        _world.Server.Revive();
        _world.Seconds(5);

        Assert.Equal(
            [200, 200, 51],
            [.. _world.Server.Calls.Select(call => call.Request).OfType<SyncRequest>()
                .Select(request => request.Conversations.Count)]);
    }

    [Fact]
    public void SY6_Another_epoch_drops_the_cache_and_starts_over()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        anna.Say("from before the restore");
        _world.Server.Kill();
        _world.Server.Restore("two", _world.Anna, _world.Ben);
        _world.Server.Revive();
        _world.Seconds(5);

        Assert.Single(ben.Events.OfType<ClientEvent.WasReset>());
        Assert.Equal("two", ben.Client.State.Epoch);
        Assert.Empty(Assert.Single(ben.Client.State.Conversations.Values).Messages);
    }

    [Fact]
    public void SY7_Being_added_shows_at_once_also_when_the_account_push_was_lost()
    {
        var ben = _world.Start(_world.Ben);
        var first = _world.Server.Add(_world.Ben, new AccountId(Guid.CreateVersion7()));
        Assert.Contains(first, ben.Client.State.Conversations.Keys);

        _world.Server.LosesPush = (_, target) => target == Wire.AccountTarget;
        var second = _world.Server.Add(_world.Ben, new AccountId(Guid.CreateVersion7()));
        _world.Server.LosesPush = (_, _) => false;
        var third = _world.Server.Add(_world.Ben, new AccountId(Guid.CreateVersion7()));

        Assert.Contains(second, ben.Client.State.Conversations.Keys);
        Assert.Contains(third, ben.Client.State.Conversations.Keys);
    }

    [Fact]
    public void SY7_Removed_and_added_again_unheard_a_device_starts_over_and_keeps_nothing_from_before()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        anna.Say("from before");
        _world.Seconds(2);
        _world.Server.Rejoin(_world.Log, _world.Ben);
        anna.Say("from now on");
        _world.Seconds(2);

        Assert.Equal(["from now on"], ben.Texts);
        var state = ben.Client.State.Conversations[_world.Chat];
        Assert.Equal((_world.Log.Seq, 1L), (state.Seq, state.Memberships[_world.Ben].JoinedNumber));
    }

    [Fact]
    public void RC2_Delivered_is_told_once_stored_and_read_when_said_and_the_author_sees_both()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        anna.Say("hello");
        _world.Seconds(1);
        var message = anna.Client.State.Conversations[_world.Chat].Messages[1];
        Assert.Equal(MessageStatus.Delivered, anna.Client.StatusOf(message));

        _ = ben.Client.MarkReadAsync(_world.Chat, 1);
        _world.Seconds(2);
        Assert.Equal(MessageStatus.Read, anna.Client.StatusOf(message));
        Assert.Equal(0, ben.Client.UnreadOf(_world.Chat));
    }

    [Fact]
    public void RC1_A_flood_of_messages_is_answered_by_few_receipts()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        for (var i = 0; i < 100; i++)
        {
            anna.Say($"text {i}");
            _world.Seconds(0.02);
        }

        _world.Seconds(3);

        Assert.InRange(_world.Server.Calls.Count(call => call.Verb == nameof(IParleyHub.AdvanceReceipts)), 1, 5);
        Assert.Equal(100, _world.Log.ReceiptOf(_world.Ben).DeliveredNumber);
        Assert.Equal(100, ben.Texts.Count);
    }

    [Fact]
    public void RC4_Receipts_after_a_gap_count_at_once_and_the_gap_is_closed_by_the_heartbeat()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        _world.Server.LosesPush = (to, target) => to == _world.Anna && target == Wire.ReceiptsTarget;
        anna.Say("one");
        _world.Seconds(2);
        _world.Server.LosesPush = (_, _) => false;
        anna.Say("two");
        _world.Seconds(2);

        var state = anna.Client.State.Conversations[_world.Chat];
        Assert.Equal(2, state.Receipts[_world.Ben].DeliveredNumber);
        Assert.Equal(0, state.ReceiptSeq);
        _world.Server.Heartbeat();
        Assert.Equal(_world.Log.ReceiptSeq, anna.Client.State.Conversations[_world.Chat].ReceiptSeq);
        Assert.Equal(2, ben.Texts.Count);
    }

    [Fact]
    public void MS5_Edits_and_removals_reach_everybody_also_those_who_were_away()
    {
        var (anna, ben) = (_world.Start(_world.Anna), _world.Start(_world.Ben));
        anna.Say("helo");
        anna.Say("secret");
        _world.Server.LosesPush = (to, _) => to == _world.Ben;
        var said = anna.Client.State.Conversations[_world.Chat].Messages;
        _ = anna.Client.EditAsync(said[1], "hello");
        _ = anna.Client.RemoveAsync(_world.Chat, said[2].Id);
        _world.Server.LosesPush = (_, _) => false;
        _world.Server.Heartbeat();

        Assert.Equal(["hello", null], ben.Texts);
        Assert.Equal(["hello", null], anna.Texts);
    }

    [Fact]
    public void HI1_Older_pages_join_the_cache_without_a_hole()
    {
        var anna = _world.Start(_world.Anna);
        for (var i = 1; i <= 120; i++)
            anna.Say($"text {i}");
        var ben = _world.Start(_world.Ben);
        Assert.Equal(50, ben.Texts.Count);

        _ = ben.Client.HistoryAsync(_world.Chat);
        Assert.Equal(70, ben.Texts.Count);
        _ = ben.Client.HistoryAsync(_world.Chat, count: 100);
        Assert.Equal(Enumerable.Range(1, 120).Select(i => $"text {i}"), ben.Texts);
    }
}
