using System.Globalization;
using System.Text;

namespace Parley.Load.Figures;

/// <summary>The figures as a table of Markdown, put between two marks of a document.</summary>
internal static class Report
{
    private const string Begin = "<!-- figures: written by ./dev bench all -->";
    private const string End = "<!-- end of figures -->";

    /// <summary>Replaces what stands between the marks.</summary>
    public static void Write(string path, string caption, IReadOnlyList<Result> results)
    {
        var text = File.ReadAllText(path);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"{path} needs the lines '{Begin}' and '{End}' around its figures.");

        File.WriteAllText(path, $"{text[..(begin + Begin.Length)]}\n\n{caption}\n\n{Table(results)}\n{text[end..]}");
    }

    private static string Table(IReadOnlyList<Result> results)
    {
        var table = new StringBuilder();
        table.Append("| scenario | store | people | messages/s | deliveries/s | p50 ms | p95 ms | p99 ms | ");
        table.Append("server µs | database µs | load µs | ");
        table.Append("KB/connection | cold start ms | recovered ms | lost | doubled |\n");
        table.Append("|---|---|").Append(string.Concat(Enumerable.Repeat("--:|", 14))).Append('\n');
        foreach (var result in results)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {result.Scenario} | {result.Store} |");
            double?[] figures =
            [
                result.People, result.MessagesPerSecond, result.DeliveriesPerSecond,
                result.P50Ms, result.P95Ms, result.P99Ms,
                result.ServerCpuMicrosPerMessage, result.DatabaseCpuMicrosPerMessage, result.LoadCpuMicrosPerMessage,
                result.RssKbPerConnection, result.ColdStartMs, result.RecoveredMs, result.Lost, result.Duplicated,
            ];
            foreach (var figure in figures)
                table.Append(CultureInfo.InvariantCulture, $" {Cell(figure)} |");

            table.Append('\n');
        }

        return table.ToString();
    }

    private static string Cell(double? figure) => figure switch
    {
        null => "",
        >= 100 => figure.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => figure.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => figure.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
