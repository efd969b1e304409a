using System.Globalization;
using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;

namespace Parley.Load.Scenarios;

/// <summary>
/// How long a page of 50 takes out of a conversation of a million messages: at its beginning, middle and end.
/// </summary>
internal static class History
{
    private const int PageCount = 50;
    private const int WarmPages = 300;
    private const int Pages = 2_000;

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        var rows = plan.Rows ?? 1_000_000;
        await using var bench = await Bench.PrepareAsync(plan, Population.Pairs(2, rows), cancel);
        using var loop = new Loop();
        var asker = new Asker(loop, bench.Server.Port, bench.AccessToken(0));
        asker.Open();
        loop.RunUntil("the connection", TimeSpan.FromSeconds(30), () => asker.IsOpen);
        // Each third is read within a tenth of the conversation.
        var tenth = rows / 10;
        return
        [
            Read(bench, loop, asker, "history-beginning", 0, tenth),
            Read(bench, loop, asker, "history-middle", (rows / 2) - (tenth / 2), tenth),
            Read(bench, loop, asker, "history-end", rows - tenth - PageCount, tenth),
        ];
    }

    private static Result Read(Bench bench, Loop loop, Asker asker, string scenario, long from, long range)
    {
        var latencies = new Latencies();
        var meter = bench.Meter();
        var chance = new Random(42);
        var read = 0;
        var asked = 0L;
        var id = bench.Population.Conversations[0].Id;
        asker.Answered = (_, answer) =>
        {
            Check(answer);
            latencies.Add(Loop.Now - asked);
            if (++read == WarmPages)
            {
                latencies.Clear();
                meter.Start();
            }

            if (read < WarmPages + Pages)
                Ask();
        };
        Ask();
        loop.RunUntil("pages of history", TimeSpan.FromSeconds(120), () => read == WarmPages + Pages);
        meter.Stop();
        return new Result { Scenario = scenario, Store = bench.Store.Kind, People = bench.Population.People.Count }
            .PerMessage(meter, Pages).With(latencies);

        void Ask()
        {
            asked = Loop.Now;
            var number = from + chance.NextInt64(range);
            asker.Invoke(read, "History", string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"conversationId":"{{id}}","direction":"after","number":{{number}},"count":{{PageCount}}}"""));
        }
    }

    private static void Check(ReadOnlySpan<byte> answer)
    {
        var items = answer.Count("\"sentAt\":"u8);
        if (items != PageCount)
            throw new InvalidOperationException($"A page had {items} messages instead of {PageCount}.");
    }
}
