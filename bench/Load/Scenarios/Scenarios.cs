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
}
