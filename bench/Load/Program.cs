using System.CommandLine;
using System.Globalization;
using Parley.Load;
using Parley.Load.Figures;
using Parley.Load.Scenarios;

// Measures a published server from outside: starts it in a process of its own on a filled database, loads it over raw
// sockets, and prints one line of JSON per run. It judges nothing: docs/performance.md holds figures and targets.
// It touches no code of the server, so that it cannot measure anything but what people get.
const string All = "all";
var scenario = new Argument<string>("scenario")
{
    Description = "What to measure; 'all' for every row of the document.",
};
scenario.AcceptOnlyFromAmong([.. Scenarios.All.Keys, All]);
var server = new Option<string>("--server") { Description = "The published server.", Required = true };
var store = new Option<string>("--store") { Description = "sqlite or postgres; 'all' takes both." };
store.AcceptOnlyFromAmong("sqlite", "postgres");
var people = new Option<int?>("--people") { Description = "How many people; each scenario has its own default." };
var runs = new Option<int>("--runs") { Description = "How often; medians follow.", DefaultValueFactory = _ => 3 };
var seconds = new Option<int>("--seconds") { Description = "Length of a measurement.", DefaultValueFactory = _ => 10 };
var rate = new Option<int?>("--rate") { Description = "Messages a second, for the scenario rate." };
var rows = new Option<long?>("--rows") { Description = "Messages in the database before." };
var into = new Option<FileInfo?>("--into") { Description = "A document whose table of figures is replaced." };

var command = new RootCommand("Load against a Parley server.")
{
    scenario, server, store, people, runs, seconds, rate, rows, into,
};
command.SetAction(async (parsed, cancel) =>
{
    var plan = new Plan
    {
        Scenario = parsed.GetRequiredValue(scenario),
        Server = parsed.GetRequiredValue(server),
        Store = parsed.GetValue(store) ?? "sqlite",
        People = parsed.GetValue(people),
        Seconds = parsed.GetValue(seconds),
        Rate = parsed.GetValue(rate),
        Rows = parsed.GetValue(rows),
    };
    var plans = plan.Scenario == All ? Scenarios.Everything(plan, parsed.GetValue(store)) : [plan];
    var medians = new List<Result>();
    var day = TimeProvider.System.GetUtcNow();
    var caption = string.Create(
        CultureInfo.InvariantCulture,
        $"Measured on {day:yyyy-MM-dd}, {parsed.GetValue(runs)} runs of {plan.Seconds} s each; load of the machine "
        + $"before: {ProcessFigures.LoadAverage()} (2 or more: other work took part of the cores).");
    foreach (var each in plans)
        medians.AddRange(await MeasureAsync(each, parsed.GetValue(runs), cancel));

    if (parsed.GetValue(into) is { } document)
        Report.Write(document.FullName, caption, medians);

    return medians.Exists(result => result.Lost > 0 || result.Duplicated > 0) ? 1 : 0;
});
return await command.Parse(args).InvokeAsync();

static async Task<IReadOnlyList<Result>> MeasureAsync(Plan plan, int runs, CancellationToken cancel)
{
    var results = new List<Result>();
    for (var run = 1; run <= runs; run++)
    {
        Console.Error.WriteLine($"{plan.Scenario} on {plan.Store}, run {run} of {runs}");
        foreach (var result in await Scenarios.All[plan.Scenario](plan, cancel))
        {
            Console.WriteLine(result);
            results.Add(result);
        }
    }

    if (runs == 1)
        return results;

    var medians = results.GroupBy(result => result.Scenario).Select(alike => Result.Median([.. alike])).ToList();
    foreach (var median in medians)
        Console.WriteLine(median);

    return medians;
}
