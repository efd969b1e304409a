using Parley.Server.Outbox;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Outbox;

public sealed class OutboxRetryTests
{
    private readonly FakeClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task EX3_A_failed_attempt_is_repeated_with_backoff_then_kept_until_an_operator_retries(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var isBroken = true;
        var work = new Work((_, _) => isBroken ? throw new OutboxTrouble("answered 503") : Task.CompletedTask);
        await using var node = Node.Of(world, _clock, work);
        var start = _clock.GetUtcNow();
        await node.AddAsync(work.Kind, "stubborn");

        // First wait 10 s, doubled each time, three quarters of it when chance is even. Three attempts by default.
        foreach (var wait in (double[])[7.5, 15])
        {
            Assert.Equal(1, (await node.RunDueAsync()).Postponed);
            var waiting = await node.FindAsync("stubborn");
            Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(wait), waiting!.DueAt);
            Assert.Equal("answered 503", waiting.LastError);
            _clock.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, (await node.RunDueAsync()).Postponed);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(1, (await node.RunDueAsync()).Failed);
        _clock.Advance(TimeSpan.FromDays(30));
        await node.RunDueAsync();
        var failed = await node.FindAsync("stubborn");
        Assert.Equal(3, work.Ran.Count);
        Assert.Equal((3, start + TimeSpan.FromSeconds(22.5)), (failed!.Attempts, failed.FailedAt));

        isBroken = false;
        Assert.Equal(1, await node.Get<RetryEntries>().OneAsync(failed.Id, Cancel));
        Assert.Equal(1, (await node.RunDueAsync()).Done);
        Assert.Null(await node.FindAsync("stubborn"));
    }

    [Theory]
    [InlineData(1, 0.0, 5)]
    [InlineData(1, 1.0, 10)]
    [InlineData(4, 0.0, 40)]
    [InlineData(4, 1.0, 80)]
    [InlineData(100, 1.0, 300)]
    public void EX3_The_wait_doubles_up_to_a_bound_and_half_of_it_is_chance(long attempt, double chance, int seconds)
    {
        var wait = OutboxBackoff.Of(attempt, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), chance);

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Theory, EachDatabase]
    public async Task EX3_What_ends_the_process_at_each_attempt_fails_in_the_end(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work(attemptsMax: 2);
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "poison");
        for (var i = 0; i < 2; i++)
        {
            await using var killed = Node.Of(world, _clock, work);
            Assert.NotNull(await killed.Get<ClaimEntry>().RunAsync(null, Cancel));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, (await node.RunDueAsync()).Failed);

        Assert.Empty(work.Ran);
        Assert.Equal("The process ended during the last attempt.", (await node.FindAsync("poison"))!.LastError);
    }

    [Fact]
    public async Task EX3_What_cannot_succeed_is_not_repeated()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var work = new Work((_, _) => throw new OutboxTrouble("gone", isFinal: true));
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "gone");

        Assert.Equal(1, (await node.RunDueAsync()).Failed);
        Assert.Equal("gone", (await node.FindAsync("gone"))!.LastError);
    }

    [Fact]
    public async Task EX3_The_kept_error_never_repeats_what_people_wrote()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var work = new Work((_, _) => throw new FormatException(
            "cannot send: my secret", new InvalidOperationException("my secret")));
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "talkative");

        await node.RunDueAsync();

        Assert.Equal("FormatException: InvalidOperationException", (await node.FindAsync("talkative"))!.LastError);
    }

    [Fact]
    public async Task EX3_An_attempt_that_takes_too_long_is_stopped_before_its_lease_ends()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var began = new TaskCompletionSource();
        var work = new Work((_, cancel) =>
        {
            began.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancel);
        });
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "endless");

        var run = node.RunDueAsync();
        await began.Task.WaitAsync(Cancel);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1, (await run).Postponed);
        Assert.Equal("TaskCanceledException", (await node.FindAsync("endless"))!.LastError);
    }

    [Fact]
    public async Task EX3_Stopping_the_server_uses_up_no_attempt()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var began = new TaskCompletionSource();
        var work = new Work((_, cancel) =>
        {
            began.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancel);
        });
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "interrupted");
        using var worker = node.Worker;
        await worker.StartAsync(Cancel);
        await began.Task.WaitAsync(Cancel);

        await worker.StopAsync(Cancel);

        var entry = await node.FindAsync("interrupted");
        Assert.Equal((0, null, null), (entry!.Attempts, entry.LeaseUntil, entry.LastError));
    }

    [Fact]
    public async Task EX3_The_worker_runs_new_work_at_once_and_what_others_wrote_within_a_poll()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var ran = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var work = new Work((entry, _) => ran.Writer.WriteAsync(entry.Subject, Cancel).AsTask());
        await using var node = Node.Of(world, _clock, work);
        await using var other = Node.Of(world, _clock);
        using var worker = node.Worker;
        await worker.StartAsync(Cancel);

        await node.AddAsync(work.Kind, "own");
        Assert.Equal("own", await ran.Reader.ReadAsync(Cancel));

        await other.AddAsync(work.Kind, "of another");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("of another", await ran.Reader.ReadAsync(Cancel));
        await worker.StopAsync(Cancel);
    }

    [Theory]
    [InlineData("Outbox:LeaseSeconds", "30")]
    [InlineData("Outbox:ConcurrencyMax", "0")]
    [InlineData("Outbox:AttemptsMaxByKind:test-work", "101")]
    public async Task Settings_out_of_range_are_refused(string name, string value)
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        await using var node = Node.Of(world.Database, world.Fanout, _clock, new() { [name] = value }, new Work());

        Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(
            () => node.Get<Microsoft.Extensions.Options.IOptions<OutboxOptions>>().Value);
    }

    [Fact]
    public async Task EX3_The_operator_decides_how_often_a_kind_is_tried()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var settings = new Dictionary<string, string?> { ["Outbox:AttemptsMaxByKind:test-work"] = "1" };
        var work = new Work((_, _) => throw new OutboxTrouble("no"), attemptsMax: 9);
        await using var node = Node.Of(world.Database, world.Fanout, _clock, settings, work);
        await node.AddAsync(work.Kind, "once");

        Assert.Equal(1, (await node.RunDueAsync()).Failed);
    }
}
