using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;
using Parley.Load.Talk;

namespace Parley.Load.Scenarios;

/// <summary>
/// How fast one message reaches many: a group in which 4 people write, each with 8 messages on their way; a message
/// is done when everybody has it.
/// </summary>
internal static class Room
{
    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        var people = plan.People ?? 200;
        await using var bench = await Bench.PrepareAsync(plan, Population.Room(people), cancel);
        var traffic = new RoomTraffic(people);
        using var crowd = new Crowd(bench, traffic);
        crowd.OpenAll();
        foreach (var sender in traffic.Talkers.Take(RoomTraffic.SenderCount))
        {
            for (var i = 0; i < Pairs.Window; i++)
                traffic.Send(sender, Loop.Now);
        }

        return [await crowd.MeasureAsync("room", plan, cancel)];
    }
}
