using Parley.Client.Connecting;
using Parley.Client.Tests.Fakes;
using Parley.Contract;

namespace Parley.Client.Tests;

public sealed class ReconnectScheduleTests
{
    [Fact]
    public void LV4_Five_fast_waits_double_from_two_seconds_and_then_it_is_slow_for_ever()
    {
        Assert.Equal(
            [2.0, 4, 8, 16, 30, 30, 30],
            [.. Enumerable.Range(1, 7).Select(attempt => ReconnectSchedule.DelayBefore(attempt, 0.5).TotalSeconds)]);
        Assert.False(ReconnectSchedule.IsSlow(5));
        Assert.True(ReconnectSchedule.IsSlow(6));
        Assert.Equal(1.5, ReconnectSchedule.DelayBefore(1, 0).TotalSeconds);
        Assert.True(ReconnectSchedule.DelayBefore(1, 0.999).TotalSeconds < 2.5);
    }

    [Fact]
    public void A_dead_server_is_tried_five_times_fast_then_slowly_and_found_when_it_returns()
    {
        var world = new World();
        world.Server.Kill();
        var anna = world.Start(world.Anna);
        var seen = new HashSet<Type>();
        for (var second = 0; second < 150; second++)
        {
            seen.Add(anna.Client.Connection.GetType());
            world.Seconds(1);
        }

        Assert.Equal(5, anna.Events.OfType<ClientEvent.ConnectionMoved>()
            .Count(moved => moved.State is ConnectionState.Waiting));
        Assert.IsType<ConnectionState.Slow>(anna.Client.Connection);

        world.Server.Revive();
        world.Seconds(40);
        Assert.IsType<ConnectionState.Online>(anna.Client.Connection);
    }

    [Fact]
    public void Retry_now_ends_the_wait()
    {
        var world = new World();
        world.Server.Kill();
        var anna = world.Start(world.Anna);
        world.Seconds(100);
        world.Server.Revive();

        anna.Client.RetryNow();

        Assert.IsType<ConnectionState.Online>(anna.Client.Connection);
    }

    [Fact]
    public void A_clock_set_back_while_waiting_makes_the_wait_no_longer()
    {
        var world = new World();
        world.Server.HasLive = false;
        var anna = world.Start(world.Anna);
        world.Seconds(60);
        world.Clock.Skew = TimeSpan.FromDays(-9);
        world.Server.HasLive = true;
        world.Seconds(40);

        Assert.IsType<ConnectionState.Online>(anna.Client.Connection);
    }

    [Fact]
    public void TY1_A_clock_set_back_does_not_silence_typing()
    {
        var clock = new FakeClock();
        var (pace, chat) = (new TypingPace(clock), new ConversationId(Guid.CreateVersion7()));
        Assert.True(pace.IsDue(chat, isTyping: true));
        clock.Skew = TimeSpan.FromDays(-9);
        Assert.False(pace.IsDue(chat, isTyping: true));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(pace.IsDue(chat, isTyping: true));
    }

    [Fact]
    public void LV4_A_goodbye_says_when_to_come_back_and_its_absence_signs_out()
    {
        var world = new World();
        var anna = world.Start(world.Anna);
        world.Server.Goodbye(new(GoodbyeReason.ShuttingDown, 700));
        Assert.Equal(
            world.Clock.GetUtcNow().AddMilliseconds(700),
            Assert.IsType<ConnectionState.Waiting>(anna.Client.Connection).Until);
        world.Seconds(0.8);
        Assert.IsType<ConnectionState.Online>(anna.Client.Connection);

        world.Server.Goodbye(new(GoodbyeReason.Revoked, null));
        world.Seconds(600);
        Assert.Equal(new ConnectionState.SignedOut(GoodbyeReason.Revoked), anna.Client.Connection);
    }

    [Fact]
    public void WR1_Without_sockets_everything_goes_over_HTTP_and_the_socket_is_still_tried()
    {
        var world = new World();
        world.Server.HasLive = false;
        var anna = world.Start(world.Anna);
        var ben = world.Start(world.Ben);
        Assert.IsType<ConnectionState.FallbackHttp>(anna.Client.Connection);

        anna.Say("hello");
        world.Seconds(6);
        Assert.Equal(["hello"], ben.Texts);
        Assert.All(world.Server.Calls, call => Assert.False(call.IsLive));

        world.Server.HasLive = true;
        world.Seconds(40);
        Assert.IsType<ConnectionState.Online>(anna.Client.Connection);
    }
}
