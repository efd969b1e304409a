using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Load.Figures;

/// <summary>One line of figures. Members that do not apply to a scenario are left out.</summary>
internal sealed record Result
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly PropertyInfo[] Figures =
        [.. typeof(Result).GetProperties().Where(property => property.PropertyType == typeof(double?))];

    public required string Scenario { get; init; }

    public required string Store { get; init; }

    public required int People { get; init; }

    public double? MessagesPerSecond { get; init; }

    public double? ServerCpuMicrosPerMessage { get; init; }

    public double? DatabaseCpuMicrosPerMessage { get; init; }

    public double? P50Ms { get; init; }

    public double? P95Ms { get; init; }

    public double? P99Ms { get; init; }

    public double? DeliveriesPerSecond { get; init; }

    public double? RssKbPerConnection { get; init; }

    public double? ColdStartMs { get; init; }

    public double? RecoveredMs { get; init; }

    public double? Lost { get; init; }

    public double? Duplicated { get; init; }

    public double? LoadCpuMicrosPerMessage { get; init; }

    /// <summary>How many runs these are the medians of; null for a single run.</summary>
    public int? Runs { get; init; }

    /// <summary>The median of each figure by itself; of losses and duplicates the worst, for none may hide.</summary>
    public static Result Median(IReadOnlyList<Result> runs)
    {
        var median = runs[0] with { Runs = runs.Count };
        foreach (var figure in Figures)
        {
            var values = runs.Select(run => (double?)figure.GetValue(run)).OfType<double>().Order().ToArray();
            var isWorst = figure.Name is nameof(Lost) or nameof(Duplicated);
            if (values.Length > 0)
                figure.SetValue(median, isWorst ? values[^1] : values[values.Length / 2]);
        }

        return median;
    }

    /// <summary>
    /// With the processor times of <paramref name="meter"/>, shared out over <paramref name="messages"/>.
    /// </summary>
    public Result PerMessage(Meter meter, long messages)
    {
        return this with
        {
            ServerCpuMicrosPerMessage = Share(meter.ServerMicros),
            DatabaseCpuMicrosPerMessage = meter.DatabaseMicros is { } micros ? Share(micros) : null,
            LoadCpuMicrosPerMessage = Share(meter.LoadMicros),
        };

        double Share(double micros) => Math.Round(micros / Math.Max(messages, 1), 1);
    }

    public Result With(Latencies latencies) => this with
    {
        P50Ms = latencies.Milliseconds(0.5),
        P95Ms = latencies.Milliseconds(0.95),
        P99Ms = latencies.Milliseconds(0.99),
    };

    public override string ToString() => JsonSerializer.Serialize(this, Json);
}
