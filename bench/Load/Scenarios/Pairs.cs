using Parley.Load.Figures;
using Parley.Load.Subject;
using Parley.Load.Talk;

namespace Parley.Load.Scenarios;

/// <summary>
/// How many messages a second: people in pairs, each sends the next message when one of 8 is acknowledged. Latency is
/// from sending to arriving at the partner.
/// </summary>
internal static class Pairs
{
    public const int Window = 8;

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        await using var bench = await Bench.PrepareAsync(
            plan, Population.Pairs(plan.People ?? 200, plan.Rows ?? 0), cancel);
        var traffic = new PairTraffic(isClosedLoop: true);
        using var crowd = new Crowd(bench, traffic);
        crowd.OpenAll();
        Start(traffic);
        return [await crowd.MeasureAsync(plan.Rows is { } rows ? $"pairs-{rows}" : "pairs", plan, cancel)];
    }

    public static void Start(PairTraffic traffic)
    {
        foreach (var talker in traffic.Talkers)
        {
            for (var i = 0; i < Window; i++)
                talker.Send(Sockets.Loop.Now);
        }
    }
}
