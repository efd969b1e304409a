using Parley.Contract;
using Parley.Server.Receipts;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Server.Tests.Outbox;

namespace Parley.Server.Tests.Expiry;

/// <summary>Expiry when the process is killed at each of its writes, before the commit and after it.</summary>
public sealed class ExpiryCrashTests
{
    private readonly FakeClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Property9_Authors_are_told_exactly_once_wherever_the_worker_crashes(string database)
    {
        await using var world = await EngineWorld.StartAsync(database, Node.Uses(_clock));
        var crashes = 0;
        foreach (var afterCommit in (bool[])[false, true])
        {
            for (var atWrite = 1; ; atWrite++)
            {
                var expected = await UndeliveredAsync(world);
                _clock.Advance(TimeSpan.FromDays(7));
                if (!await CrashAsync(world, atWrite, afterCommit))
                    break;

                crashes++;
                _clock.Advance(TimeSpan.FromMinutes(10));
                await using var restarted = Node.Of(world, _clock);
                await restarted.SweepAsync();
                var summary = await restarted.RunDueAsync();
                Assert.Equal((0, 0), (summary.Postponed, summary.Failed));
                Assert.Equal(expected, await Told.ReadAsync(world.Database, expected));
            }
        }

        // Both ways: the look, two conversations, the move, recovery, and claim, tell, done for each of three.
        Assert.InRange(crashes, 2 * 12, 2 * 20);
    }

    /// <summary>Two conversations with three messages that nobody got, and one that arrived.</summary>
    private static async Task<IReadOnlyList<MessageId>> UndeliveredAsync(EngineWorld world)
    {
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var first = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var second = (await world.DirectAsync(anna, cleo)).Conversation.Id;
        await world.SendAsync(anna, first, "arrives");
        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(ben, new(first, 1, null)));
        return
        [
            (await world.SendAsync(anna, first, "does not")).Id,
            (await world.SendAsync(anna, second, "does not")).Id,
            (await world.SendAsync(anna, second, "does not")).Id,
        ];
    }

    /// <summary>False when the process came to the end of its work before the crash.</summary>
    private async Task<bool> CrashAsync(EngineWorld world, int atWrite, bool afterCommit)
    {
        var dying = new CrashingDatabase(world.Database, atWrite, afterCommit);
        var settings = new Dictionary<string, string?> { ["Outbox:ConcurrencyMax"] = "1" };
        await using var node = Node.Of(dying, world.Fanout, _clock, settings);
        try
        {
            await node.SweepAsync();
            await node.RunDueAsync();
        }
        catch (StorageTrouble)
        {
            // Killed: what follows is another process.
        }

        return dying.IsDead;
    }
}
