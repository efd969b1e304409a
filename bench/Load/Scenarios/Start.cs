using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;
using Parley.Load.Talk;

namespace Parley.Load.Scenarios;

/// <summary>
/// How long until the first hub connection is accepted: after a clean stop, and after kill -9 in the middle of the
/// load of pairs. After the kill everybody comes back and resends what was not acknowledged.
/// </summary>
internal static class Start
{
    private const int ExistingMessages = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        await using var bench = await Bench.PrepareAsync(
            plan, Population.Pairs(plan.People ?? 200, plan.Rows ?? ExistingMessages), cancel);
        await bench.Server.StopAsync();
        var coldStart = TimeToFirstConnection(bench, bench.StartAgain);

        var traffic = new PairTraffic(isClosedLoop: true);
        using var crowd = new Crowd(bench, traffic);
        crowd.OpenAll();
        Pairs.Start(traffic);
        crowd.Loop.RunFor(plan.WarmUp);
        crowd.ThrowOnTrouble();
        var killed = Loop.Now;
        await bench.Server.KillAsync();
        TimeToFirstConnection(bench, bench.StartAgain);
        var recovered = Loop.Milliseconds(Loop.Now - killed);

        Resend(crowd, traffic, bench);
        var result = new Result
        {
            Scenario = "start",
            Store = bench.Store.Kind,
            People = bench.Population.People.Count,
            ColdStartMs = Math.Round(coldStart, 1),
            RecoveredMs = Math.Round(recovered, 1),
        };
        return [await VerifyAsync(result, bench, traffic, cancel)];
    }

    private static double TimeToFirstConnection(Bench bench, Action start)
    {
        var token = bench.AccessToken(0);
        var began = Loop.Now;
        start();
        using var loop = new Loop();
        var visitor = new Asker(loop, bench.Server.Port, token);
        visitor.Open();
        loop.RunUntil("the first connection", Patience, () =>
        {
            // Refused: the door is not open yet. Knock again.
            if (visitor.Trouble is not null)
                visitor.Open();

            return visitor.IsOpen;
        });
        return Loop.Milliseconds(Loop.Now - began);
    }

    private static void Resend(Crowd crowd, PairTraffic traffic, Bench bench)
    {
        traffic.IsSilent = true;
        crowd.Loop.RunUntil("connections break", Patience, () => traffic.Talkers.TrueForAll(talker => !talker.IsOpen));
        foreach (var talker in traffic.Talkers)
            talker.OpenAgain(bench.Server.Port);

        crowd.Loop.RunUntil("everybody is back", Patience, () => traffic.Talkers.TrueForAll(talker => talker.IsOpen));
        foreach (var talker in traffic.Talkers)
            talker.Resend();

        crowd.Loop.RunUntil("all acknowledged", Patience, () => traffic.IsAllAcknowledged);
        crowd.ThrowOnTrouble();
    }

    // What was pushed to a connection that died is fetched by sync, which other scenarios prove: here the disk decides.
    private static async Task<Result> VerifyAsync(
        Result result, Bench bench, PairTraffic traffic, CancellationToken cancel)
    {
        var onDisk = await bench.Store.MessagesAsync(cancel) - bench.Population.Messages;
        return result with
        {
            Lost = Math.Max(0, traffic.SentTotal - onDisk),
            Duplicated = Math.Max(0, onDisk - traffic.SentTotal),
        };
    }
}
