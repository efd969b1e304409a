using Parley.Contract;
using Parley.Server.Receipts;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Server.Tests.Outbox;

namespace Parley.Server.Tests.Expiry;

/// <summary>Expiry over weeks of virtual time in which somebody sets the clock.</summary>
public sealed class ExpiryClockTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Sweep = TimeSpan.FromHours(2);

    private readonly FakeClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(+8)]
    [InlineData(-8)]
    public async Task EX1_Setting_the_clock_by_eight_days_neither_hastens_nor_delays_expiry(int days)
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite, Node.Uses(_clock));
        await using var node = Node.Of(world, _clock);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await node.SweepAsync();
        await world.SendAsync(anna, direct, "before");
        _clock.Advance(TimeSpan.FromMinutes(5));
        _clock.Set(TimeSpan.FromDays(days));
        await world.SendAsync(anna, direct, "after");

        Assert.Equal(0, await SweepUntilAsync(node, Week - TimeSpan.FromMinutes(20)));
        Assert.Equal(2, await SweepUntilAsync(node, TimeSpan.FromMinutes(40)));
    }

    [Theory]
    [InlineData(+8, 1)]
    [InlineData(-8, 0)]
    public async Task EX1_While_the_server_is_down_its_clock_is_all_there_is(int days, int expired)
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite, Node.Uses(_clock));
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await world.SendAsync(anna, direct, "hello?");
        await using (var before = Node.Of(world, _clock))
            await before.SweepAsync();

        _clock.Set(TimeSpan.FromDays(days));
        await using var after = Node.Of(world, _clock);

        Assert.Equal(expired, await after.SweepAsync());
        Assert.Equal(1 - expired, await SweepUntilAsync(after, Week));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Property9_Each_undelivered_message_expires_once_after_seven_days_whatever_is_done_to_the_clock(
        int seed)
    {
        await using var world = await EngineWorld.StartAsync(
            seed % 3 == 0 ? Databases.Postgres : Databases.Sqlite, Node.Uses(_clock));
        var story = new Story(world, _clock, new Random(seed));
        await story.BeginAsync();
        for (var passed = TimeSpan.Zero; passed < 4 * Week; passed += Sweep)
            await story.GoOnAsync(mayBegin: passed < 2.5 * Week, Sweep);

        await story.EndAsync();
    }

    /// <summary>Sweeps every ten minutes; answers how many messages expired.</summary>
    private async Task<int> SweepUntilAsync(Node node, TimeSpan end)
    {
        var expired = 0;
        for (var passed = TimeSpan.Zero; passed < end; passed += TimeSpan.FromMinutes(10))
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            expired += await node.SweepAsync();
        }

        return expired;
    }
}
