using System.CommandLine;
using Parley.Load;
using Parley.Load.Figures;
using Parley.Load.Scenarios;

// Measures a published server from outside: starts it in a process of its own on a filled database, loads it over raw
// sockets, and prints one line of JSON per run. It judges nothing: docs/performance.md holds figures and targets.
// It touches no code of the server, so that it cannot measure anything but what people get.
var scenario = new Argument<string>("scenario") { Description = "What to measure." };
scenario.AcceptOnlyFromAmong([.. Scenarios.All.Keys]);
var server = new Option<string>("--server") { Description = "The published server.", Required = true };
var store = new Option<string>("--store") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
store.AcceptOnlyFromAmong("sqlite", "postgres");
var people = new Option<int?>("--people") { Description = "How many people; each scenario has its own default." };
var runs = new Option<int>("--runs") { Description = "How often; medians follow.", DefaultValueFactory = _ => 3 };
var seconds = new Option<int>("--seconds") { Description = "Length of a measurement.", DefaultValueFactory = _ => 10 };
var rate = new Option<int?>("--rate") { Description = "Messages a second, for the scenario rate." };
var rows = new Option<long?>("--rows") { Description = "Messages in the database before." };

var command = new RootCommand("Load against a Parley server.")
{
    scenario, server, store, people, runs, seconds, rate, rows,
};
command.SetAction((parsed, cancel) => MeasureAsync(
    parsed.GetRequiredValue(scenario),
    new Plan
    {
        Server = parsed.GetRequiredValue(server),
        Store = parsed.GetRequiredValue(store),
        People = parsed.GetValue(people),
        Seconds = parsed.GetValue(seconds),
        Rate = parsed.GetValue(rate),
        Rows = parsed.GetValue(rows),
    },
    parsed.GetValue(runs),
    cancel));
return await command.Parse(args).InvokeAsync();

static async Task<int> MeasureAsync(string scenario, Plan plan, int runs, CancellationToken cancel)
{
    var results = new List<Result>();
    for (var run = 1; run <= runs; run++)
    {
        Console.Error.WriteLine($"{scenario} on {plan.Store}, run {run} of {runs}");
        foreach (var result in await Scenarios.All[scenario](plan, cancel))
        {
            Console.WriteLine(result);
            results.Add(result);
        }
    }

    if (runs > 1)
    {
        foreach (var alike in results.GroupBy(result => result.Scenario))
            Console.WriteLine(Result.Median([.. alike]));
    }

    return results.Exists(result => result.Lost > 0 || result.Duplicated > 0) ? 1 : 0;
}
