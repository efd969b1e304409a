using Parley.Server.Outbox;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Outbox;

public sealed class OutboxTests
{
    private readonly FakeClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task EX3_Work_is_kept_with_the_transaction_that_causes_it_or_not_at_all(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var node = Node.Of(world, _clock, work);

        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Database.WriteAsync<bool>(async turn =>
        {
            await node.Get<OutboxEntries>().AddAsync(turn, work.Kind, "undone", new { }, _clock.GetUtcNow());
            throw new InvalidOperationException("The cause was not to be.");
        }, Cancel));
        await node.AddAsync(work.Kind, "done");
        var summary = await node.RunDueAsync();

        Assert.Equal(["done"], work.Ran);
        Assert.Equal(new(Done: 1, Postponed: 0, Failed: 0, Unsettled: 0), summary);
        Assert.Null(await node.FindAsync("done"));
    }

    [Theory, EachDatabase]
    public async Task EX3_The_same_work_written_twice_is_done_once(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var node = Node.Of(world, _clock, work);

        await node.AddAsync(work.Kind, "one");
        await node.AddAsync(work.Kind, "one");
        await node.RunDueAsync();

        Assert.Equal(["one"], work.Ran);
    }

    [Theory, EachDatabase]
    public async Task EX3_Work_runs_when_it_is_due_and_not_before(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "later", _clock.GetUtcNow() + TimeSpan.FromMinutes(5));

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        await node.RunDueAsync();
        Assert.Empty(work.Ran);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await node.RunDueAsync();
        Assert.Equal(["later"], work.Ran);
    }

    [Theory, EachDatabase]
    public async Task EX3_Two_workers_never_run_one_entry_at_the_same_time(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work((_, _) => Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancel));
        var nodes = Enumerable.Range(0, 3).Select(_ => Node.Of(world, _clock, work)).ToList();
        var subjects = Enumerable.Range(0, 60).Select(i => $"entry {i:00}").ToList();
        foreach (var subject in subjects)
            await nodes[0].AddAsync(work.Kind, subject);

        var summaries = await Task.WhenAll(nodes.Select(node => node.RunDueAsync()));

        Assert.False(work.Overlapped);
        Assert.Equal(subjects, work.Ran.Order());
        Assert.Equal(60, summaries.Sum(summary => summary.Done));
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Theory, EachDatabase]
    public async Task EX3_What_a_killed_process_held_is_done_by_another_when_the_lease_runs_out(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var killed = Node.Of(world, _clock, work);
        await using var other = Node.Of(world, _clock, work);
        await killed.AddAsync(work.Kind, "held");
        var held = await killed.Get<ClaimEntry>().RunAsync(null, Cancel);

        _clock.Advance(TimeSpan.FromSeconds(59));
        await other.RunDueAsync();
        Assert.Empty(work.Ran);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await other.RunDueAsync();
        Assert.Equal("held", held!.Subject);
        Assert.Equal(["held"], work.Ran);
    }

    [Theory, EachDatabase]
    public async Task EX3_Work_whose_end_could_not_be_written_is_done_again(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "twice");

        // The writes of one run: recover, claim, done. The last one is lost with its process.
        var dying = new CrashingDatabase(world.Database, atWrite: 3, afterCommit: false);
        await using (var killed = Node.Of(dying, world.Fanout, _clock, One, work))
            await Assert.ThrowsAsync<StorageTrouble>(killed.RunDueAsync);
        Assert.True(dying.IsDead);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await node.RunDueAsync();

        Assert.Equal(["twice", "twice"], work.Ran);
        Assert.Null(await node.FindAsync("twice"));
    }

    [Theory, EachDatabase]
    public async Task EX3_Who_lost_the_lease_cannot_end_the_work_of_who_has_it(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var slow = Node.Of(world, _clock, work);
        await using var other = Node.Of(world, _clock, work);
        await slow.AddAsync(work.Kind, "contested");
        var lost = await slow.Get<ClaimEntry>().RunAsync(null, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var held = await other.Get<ClaimEntry>().RunAsync(null, Cancel);

        await slow.Get<SettleEntry>().DoneAsync(lost!);
        await slow.Get<SettleEntry>().FailAsync(lost!, "late", null);

        var entry = await other.FindAsync("contested");
        Assert.Equal((2, held!.LeaseUntil, null), (entry!.Attempts, entry.LeaseUntil, entry.FailedAt));
    }

    [Theory, EachDatabase]
    public async Task EX3_Work_of_a_kind_nobody_here_knows_waits_for_who_does(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var older = Node.Of(world, _clock);
        await using var newer = Node.Of(world, _clock, work);
        await older.AddAsync(work.Kind, "new");

        await older.RunDueAsync();
        Assert.Equal(0, (await older.FindAsync("new"))!.Attempts);

        await newer.RunDueAsync();
        Assert.Equal(["new"], work.Ran);
    }

    [Theory, EachDatabase]
    public async Task EX3_Work_written_or_leased_before_the_clock_was_set_back_is_not_put_off(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var work = new Work();
        await using var killed = Node.Of(world, _clock, work);
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "leased");
        await killed.Get<ClaimEntry>().RunAsync(null, Cancel);
        await node.AddAsync(work.Kind, "written");
        await node.AddAsync(work.Kind, "planned", _clock.GetUtcNow() + TimeSpan.FromHours(1));

        _clock.Set(TimeSpan.FromDays(-8));
        await node.RunDueAsync();

        Assert.Equal(["leased", "written"], work.Ran.Order());
    }

    [Fact]
    public async Task EX3_A_process_does_not_take_what_it_is_still_running_whatever_the_clock_says()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var (began, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var work = new Work((_, _) =>
        {
            began.TrySetResult();
            return gate.Task;
        });
        await using var node = Node.Of(world, _clock, work);
        await node.AddAsync(work.Kind, "long");
        var first = node.RunDueAsync();
        await began.Task.WaitAsync(Cancel);

        foreach (var days in (int[])[8, -16])
        {
            _clock.Set(TimeSpan.FromDays(days));
            await node.RunDueAsync();
        }

        gate.SetResult();
        await first;
        Assert.Equal(["long"], work.Ran);
        Assert.Null(await node.FindAsync("long"));
    }

    private static Dictionary<string, string?> One => new() { ["Outbox:ConcurrencyMax"] = "1" };
}
