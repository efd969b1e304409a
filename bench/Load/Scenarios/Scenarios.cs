using Parley.Load.Figures;

namespace Parley.Load.Scenarios;

/// <summary>Runs a scenario once; one with several parts answers a line for each.</summary>
internal delegate Task<IReadOnlyList<Result>> Scenario(Plan plan, CancellationToken cancel);

/// <summary>Every scenario by its name.</summary>
internal static class Scenarios
{
    public static IReadOnlyDictionary<string, Scenario> All { get; } = new Dictionary<string, Scenario>
    {
        ["pairs"] = Pairs.RunAsync,
        ["rate"] = Rate.RunAsync,
        ["idle"] = Idle.RunAsync,
        ["room"] = Room.RunAsync,
        ["start"] = Start.RunAsync,
        ["reconnect"] = Reconnect.RunAsync,
        ["history"] = History.RunAsync,
    };

    /// <summary>What docs/performance.md shows, on one store or on both.</summary>
    public static IReadOnlyList<Plan> Everything(Plan plan, string? store)
    {
        string[] stores = store is null ? ["sqlite", "postgres"] : [store];
        return [.. stores.SelectMany(each => On(plan with { Store = each }))];
    }

    private static IEnumerable<Plan> On(Plan plan) =>
    [
        plan with { Scenario = "pairs", People = 200 },
        plan with { Scenario = "pairs", People = 1_000 },
        plan with { Scenario = "rate" },
        plan with { Scenario = "room", People = 200 },
        plan with { Scenario = "room", People = 1_000 },
        plan with { Scenario = "idle" },
        plan with { Scenario = "start" },
        plan with { Scenario = "reconnect" },
        plan with { Scenario = "history" },
        plan with { Scenario = "pairs", People = 200, Rows = 10_000 },
        plan with { Scenario = "pairs", People = 200, Rows = 5_000_000 },
    ];
}
