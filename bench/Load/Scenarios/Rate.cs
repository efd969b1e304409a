using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;
using Parley.Load.Talk;

namespace Parley.Load.Scenarios;

/// <summary>
/// How soon a message arrives at an ordinary load: an open loop at a steady rate, spread evenly over 200 people.
/// Latency counts from the moment a message was due, so a server that stalls is not spared the messages it held up.
/// </summary>
internal static class Rate
{
    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        int[] rates = plan.Rate is { } rate ? [rate] : [500, 2000];
        var results = new List<Result>();
        foreach (var each in rates)
            results.Add(await RunAsync(plan, each, cancel));

        return results;
    }

    private static async Task<Result> RunAsync(Plan plan, int rate, CancellationToken cancel)
    {
        await using var bench = await Bench.PrepareAsync(
            plan, Population.Pairs(plan.People ?? 200, plan.Rows ?? 0), cancel);
        var traffic = new PairTraffic(isClosedLoop: false);
        using var crowd = new Crowd(bench, traffic);
        crowd.OpenAll();
        Start(crowd.Loop, traffic, rate);
        return await crowd.MeasureAsync($"rate-{rate}", plan, cancel);
    }

    private static void Start(Loop loop, PairTraffic traffic, int rate)
    {
        var start = Loop.Now;
        var sent = 0L;
        loop.Every(TimeSpan.FromSeconds(1.0 / rate), now =>
        {
            for (; !traffic.IsSilent; sent++)
            {
                var due = start + (sent * Loop.Frequency / rate);
                if (due > now)
                    return;

                traffic.Talkers[(int)(sent % traffic.Talkers.Count)].Send(due);
            }
        });
    }
}
