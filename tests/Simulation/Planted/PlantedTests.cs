using Parley.Simulation.Checks;
using Parley.Simulation.Play;

namespace Parley.Simulation.Planted;

/// <summary>A check that cannot fail is no check: each mistake planted here must be found, by the invariant it breaks.
/// PARLEY_TABLE=1 prints which one found it, and in which seed.</summary>
public sealed class PlantedTests(ITestOutputHelper output)
{
    private const int SeedsMax = 60;

    public static TheoryData<string> Bugs => new(Garden.All.Select(bug => bug.Name));

    [Theory, MemberData(nameof(Bugs))]
    public void Each_planted_bug_is_caught(string name)
    {
        var bug = Garden.All.Single(bug => bug.Name == name);
        var others = new List<Violation>();
        for (var seed = 1; seed <= SeedsMax; seed++)
        {
            var violations = Run.Seed(seed, bug).Violations;
            if (violations.FirstOrDefault(violation => bug.CaughtBy.Contains(violation.Invariant)) is { } caught)
            {
                var line = $"| {name} | {caught.Invariant} | {seed} | {caught.Detail} |";
                output.WriteLine(line);
                if (Environment.GetEnvironmentVariable("PARLEY_TABLE") is not null)
                    Console.WriteLine(line);
                return;
            }

            others.AddRange(violations);
        }

        Assert.Fail($"{SeedsMax} seeds passed with \"{name}\"; seen instead: {string.Join("; ", others.Take(3))}");
    }
}
