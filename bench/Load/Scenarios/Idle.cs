using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;
using Parley.Load.Talk;

namespace Parley.Load.Scenarios;

/// <summary>
/// What a connection costs in memory that does nothing: each has sent and received one message. The first hundred are
/// opened before the first look, so that code and caches are not counted as connections.
/// </summary>
internal static class Idle
{
    private const int WarmCount = 100;

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        var people = plan.People ?? 5_000;
        CheckOpenFiles(people);
        await using var bench = await Bench.PrepareAsync(plan, Population.Pairs(people), cancel);
        var traffic = new PairTraffic(isClosedLoop: false);
        using var crowd = new Crowd(bench, traffic);
        KeepAlive(crowd.Loop, traffic);
        var before = Settle(crowd, traffic, 0, WarmCount, plan.Length);
        var after = Settle(crowd, traffic, WarmCount, people, plan.Length);
        Console.Error.WriteLine($"  {before / 1024} MB with {WarmCount} connections, {after / 1024} MB with {people}");
        var result = new Result
        {
            Scenario = "idle",
            Store = bench.Store.Kind,
            People = people,
            RssKbPerConnection = Math.Round((after - before) / (double)(people - WarmCount), 1),
        };
        crowd.FallSilent();
        return [await crowd.VerifyAsync(result, cancel)];

        long Settle(Crowd settling, PairTraffic talk, int first, int end, TimeSpan time)
        {
            settling.Open(first, end);
            for (var i = first; i < end; i++)
                talk.Talkers[i].Send(Loop.Now);

            settling.Loop.RunUntil("all have their message", TimeSpan.FromSeconds(30), () => talk.IsDone);
            settling.Loop.RunFor(time);
            settling.ThrowOnTrouble();
            return ProcessFigures.RssKb(bench.Server.Id);
        }
    }

    // Rule LV-1: a frame every 30 seconds. A few people each tick, as they would come.
    private static void KeepAlive(Loop loop, PairTraffic traffic)
    {
        var next = 0;
        loop.Every(TimeSpan.FromMilliseconds(100), _ =>
        {
            for (var i = 0; i < (traffic.Talkers.Count / 150) + 1; i++)
            {
                var talker = traffic.Talkers[next++ % traffic.Talkers.Count];
                if (talker.IsOpen)
                    talker.Ping();
            }
        });
    }

    private static void CheckOpenFiles(int people)
    {
        var openFilesMax = ProcessFigures.OpenFilesMax();
        if (openFilesMax < people + 500)
        {
            throw new InvalidOperationException(
                $"{people} connections need as many open files here and in the server; this shell allows "
                + $"{openFilesMax}. Run: ulimit -n {people + 1_000}");
        }
    }
}
