using System.Collections.Concurrent;
using System.Globalization;
using Parley.Simulation.Checks;
using Parley.Simulation.Play;

namespace Parley.Simulation;

/// <summary>Many seeds, each a world of its own. PARLEY_SEED=n runs one and tells all it does.</summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    private static readonly int Count = Number("PARLEY_SEEDS") ?? 300;

    private static readonly int First = Number("PARLEY_FIRST_SEED") ?? 1;

    [Fact]
    public void Every_seed_keeps_every_invariant()
    {
        if (Number("PARLEY_SEED") is { } chosen)
        {
            Assert.Empty(Run.Seed(chosen, log: Console.Out).Violations);
            return;
        }

        var failed = new ConcurrentDictionary<int, IReadOnlyList<Violation>>();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var few = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        Parallel.For(First, First + Count, few, seed =>
        {
            if (Run.Seed(seed).Violations is { Count: > 0 } violations)
                failed[seed] = violations;
        });
        output.WriteLine($"{Count} seeds in {watch.Elapsed.TotalSeconds:0.0} s.");
        Assert.True(failed.IsEmpty, string.Concat(failed.OrderBy(seed => seed.Key).Take(40).Select(seed =>
            $"\n  PARLEY_SEED={seed.Key} breaks {Names(seed.Value)}, first {seed.Value[0]}")));
    }

    [Fact]
    public void A_seed_repeats()
    {
        for (var seed = First; seed < First + 5; seed++)
            Assert.Equal(Run.Seed(seed).Trace, Run.Seed(seed).Trace);
    }

    private static string Names(IReadOnlyList<Violation> violations) =>
        string.Join(' ', violations.Select(violation => violation.Invariant).Distinct());

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
