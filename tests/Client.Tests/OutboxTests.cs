using Parley.Client.Sending;
using Parley.Client.Storing;
using Parley.Client.Tests.Fakes;
using Parley.Contract;
using static Parley.Client.Tests.Fakes.FakeServer;

namespace Parley.Client.Tests;

public sealed class OutboxTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData(nameof(Fault.LosesRequest))]
    [InlineData(nameof(Fault.LosesAnswer))]
    [InlineData(nameof(Fault.BreaksBeforeAnswer))]
    public void MS1_A_send_whose_answer_never_came_is_sent_again_and_stored_once_D3(string fault)
    {
        var anna = _world.Start(_world.Anna);
        var faults = new Queue<Fault>([Enum.Parse<Fault>(fault)]);
        _world.Server.FaultOf = (verb, _) =>
            verb == nameof(IParleyHub.Send) && faults.TryDequeue(out var next) ? next : Fault.None;

        var message = anna.Say("only once");
        _world.Seconds(20);

        Assert.Equal(OutboxState.Sent, message.Item.State);
        Assert.Equal("only once", Assert.Single(_world.Log.Messages).Body);
        Assert.Equal(["only once"], anna.Texts);
        Assert.Empty(anna.Client.OutboxAsync(_world.Chat).Now());
    }

    [Fact]
    public void MS2_Messages_arrive_in_the_order_said_whatever_mix_of_doors_and_retries_D6()
    {
        var anna = _world.Start(_world.Anna);
        var chance = new Random(3);
        _world.Server.FaultOf = (verb, _) => verb == nameof(IParleyHub.Send) ? (Fault)chance.Next(4) : Fault.None;
        _world.Server.RefusalOf = (verb, _) => verb == nameof(IParleyHub.Send) && chance.Next(9) == 0
            ? new(RefusalCode.Overloaded, "Busy.", 1)
            : null;
        for (var i = 0; i < 40; i++)
        {
            anna.Say($"text {i}");
            _world.Seconds(chance.NextDouble());
            if (i % 9 == 0)
                _world.Server.Kill();
            if (i % 9 == 4)
                _world.Server.Revive();
            _world.Server.HasLive = _world.Server.HasHttp && i % 5 != 0;
        }

        _world.Server.Revive();
        _world.Server.FaultOf = (_, _) => Fault.None;
        _world.Server.RefusalOf = (_, _) => null;
        _world.Seconds(120);

        var stored = _world.Log.Messages.Select(message => message.Body).ToList();
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Equal(stored.OrderBy(text => int.Parse(text![5..], null)), stored);
        Assert.Equal(stored, anna.Texts);
        var left = anna.Client.OutboxAsync(_world.Chat).Now();
        Assert.All(left, item => Assert.Equal(OutboxState.Failed, item.State));
        Assert.Equal(40, stored.Count + left.Count);
    }

    [Fact]
    public void D12_Being_offline_uses_up_no_attempt_and_the_message_goes_when_the_server_is_back()
    {
        var anna = _world.Start(_world.Anna);
        _world.Server.Kill();
        var message = anna.Say("later");
        _world.Seconds(3600);
        Assert.Equal(OutboxState.Queued, message.Item.State);

        _world.Server.Revive();
        _world.Seconds(40);
        Assert.Equal(OutboxState.Sent, message.Item.State);
    }

    [Fact]
    public void D12_Lost_answers_use_up_no_attempt_either()
    {
        var anna = _world.Start(_world.Anna);
        var faults = new Queue<Fault>(Enumerable.Repeat(Fault.LosesRequest, 8));
        var refusals = new Queue<Refusal>([new(RefusalCode.Overloaded, "Busy."), new(RefusalCode.Overloaded, "Busy.")]);
        _world.Server.FaultOf = (verb, _) =>
            verb == nameof(IParleyHub.Send) && faults.TryDequeue(out var next) ? next : Fault.None;
        _world.Server.RefusalOf = (verb, _) =>
            verb == nameof(IParleyHub.Send) && refusals.TryDequeue(out var refusal) ? refusal : null;

        var message = anna.Say("bad line, busy server");
        _world.Seconds(300);

        Assert.Empty(faults);
        Assert.Empty(refusals);
        Assert.Equal(OutboxState.Sent, message.Item.State);
    }

    [Fact]
    public void D4_An_acknowledged_message_stays_in_sight_while_the_gap_before_it_is_open()
    {
        var outbox = new MemoryOutboxStore();
        var (anna, ben) = (_world.Start(_world.Anna, outbox: outbox), _world.Start(_world.Ben));
        _world.Seconds(1);
        _world.Server.LosesPush = (to, target) => to == _world.Anna && target == Wire.ChangesTarget;
        ben.Say("lost on the way to Anna");
        var mine = anna.Say("mine");
        _ = anna.Client.SetSettingsAsync(new(null, null, false));
        _world.Seconds(0.1);

        Assert.Equal(OutboxState.Sent, mine.Item.State);
        Assert.Empty(anna.Texts);
        Assert.Equal("mine", Assert.Single(anna.Client.OutboxAsync(_world.Chat).Now()).Body);
        _world.Seconds(1);
        Assert.Equal(["lost on the way to Anna", "mine"], anna.Texts);
        Assert.Empty(anna.Client.OutboxAsync(_world.Chat).Now());
        Assert.Empty(outbox.Load());
    }

    [Fact]
    public void D12_A_passing_refusal_is_tried_three_times_with_growing_pauses_then_failed_and_can_be_retried()
    {
        var anna = _world.Start(_world.Anna);
        var at = new List<double>();
        var start = _world.Clock.GetUtcNow();
        _world.Server.RefusalOf = (verb, _) =>
        {
            if (verb != nameof(IParleyHub.Send))
                return null;

            at.Add((_world.Clock.GetUtcNow() - start).TotalSeconds);
            return new(RefusalCode.Unexpected, "Broke.");
        };
        var message = anna.Say("stubborn");
        _world.Seconds(60);

        Assert.Equal(3, at.Count);
        Assert.True(at[2] - at[1] > at[1] - at[0]);
        Assert.Equal(OutboxState.Failed, message.Item.State);
        Assert.Equal(RefusalCode.Unexpected, message.Item.Refusal?.Code);

        _world.Server.RefusalOf = (_, _) => null;
        Assert.True(anna.Client.RetryAsync(message.Id).Now());
        Assert.Equal(OutboxState.Sent, message.Item.State);
        Assert.True(message.Acked.IsCompletedSuccessfully);
    }

    [Fact]
    public void WR6_Too_many_requests_waits_as_long_as_the_server_asks()
    {
        var anna = _world.Start(_world.Anna);
        var refusals = new Queue<Refusal>([new(RefusalCode.TooManyRequests, "Slower.", 20)]);
        _world.Server.RefusalOf = (verb, _) =>
            verb == nameof(IParleyHub.Send) && refusals.TryDequeue(out var refusal) ? refusal : null;
        var message = anna.Say("patient");
        _world.Seconds(19);
        Assert.Equal(OutboxState.Queued, message.Item.State);
        _world.Seconds(2);
        Assert.Equal(OutboxState.Sent, message.Item.State);
    }

    [Fact]
    public void A_definite_refusal_fails_one_message_keeps_its_text_and_lets_the_next_ones_go()
    {
        var anna = _world.Start(_world.Anna);
        _world.Server.RefusalOf = (_, request) =>
            request is SendMessageRequest { Body: "too long" } ? new(RefusalCode.TooLong, "Shorten it.") : null;
        var failed = anna.Say("too long");
        var next = anna.Say("fine");

        Assert.Equal((OutboxState.Failed, "too long"), (failed.Item.State, failed.Item.Body));
        Assert.Equal(OutboxState.Sent, next.Item.State);
        Assert.True(anna.Client.DiscardAsync(failed.Id).Now());
        Assert.Equal(OutboxState.Discarded, failed.Item.State);
        Assert.Empty(anna.Client.OutboxAsync(_world.Chat).Now());
    }

    [Fact]
    public void OQ_A_message_older_than_seven_days_asks_first()
    {
        var anna = _world.Start(_world.Anna);
        _world.Server.Kill();
        var message = anna.Say("happy birthday");
        _world.Clock.Advance(TimeSpan.FromDays(8));
        _world.Server.Revive();
        _world.Seconds(60);
        Assert.Equal(OutboxState.NeedsConfirmation, message.Item.State);
        Assert.Empty(_world.Log.Messages);

        Assert.True(anna.Client.ConfirmAsync(message.Id).Now());
        Assert.Equal(OutboxState.Sent, message.Item.State);
    }

    [Fact]
    public void Conversations_do_not_wait_for_each_other()
    {
        var other = _world.Server.Add(_world.Anna, new AccountId(Guid.CreateVersion7()));
        var anna = _world.Start(_world.Anna);
        _world.Server.FaultOf = (verb, _) =>
            verb == nameof(IParleyHub.Send) ? Fault.LosesRequest : Fault.None;
        var stuck = anna.Say("stuck");
        _world.Server.FaultOf = (_, _) => Fault.None;
        var free = anna.Client.SendAsync(other, "free").Now();

        Assert.Equal(OutboxState.Sending, stuck.Item.State);
        Assert.Equal(OutboxState.Sent, free.Item.State);
    }

    [Fact]
    public void D2_A_crash_between_saying_and_sending_loses_nothing_and_doubles_nothing()
    {
        var (store, outbox) = (new MemoryStore(), new MemoryOutboxStore());
        var anna = _world.Start(_world.Anna, store, outbox);
        _world.Server.FaultOf = (verb, _) => verb == nameof(IParleyHub.Send) ? Fault.LosesAnswer : Fault.None;
        anna.Say("on the server, not acknowledged");
        anna.Say("still waiting");
        anna.Client.Abandon();
        _world.Server.FaultOf = (_, _) => Fault.None;
        _world.Server.Kill();
        _world.Server.Revive();

        var again = _world.Start(_world.Anna, store, outbox);
        _world.Seconds(1);

        Assert.Equal(["on the server, not acknowledged", "still waiting"], again.Texts);
        Assert.Equal(2, _world.Log.Messages.Count);
        Assert.Empty(outbox.Load());
    }
}
