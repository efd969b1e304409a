using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Outbox;

namespace Parley.Cli.Queue;

/// <summary><c>parley queue list</c>: what is not done, failed entries first.</summary>
internal static class ListCommand
{
    private static readonly string[] Columns = ["ID", "STATE", "KIND", "SUBJECT", "DUE", "ATTEMPTS", "LAST ERROR"];

    public static Command Build()
    {
        var limit = new Option<int>("--limit") { Description = "Entries at the most", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--limit must be at least 1.");
        });
        var storage = new StorageArguments();
        var command = new Command("list", "List what waits and what failed") { limit };
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => QueueCommand.RunAsync(
            storage.ToHostArguments(parsed), services => RunAsync(services, parsed.GetValue(limit), cancel), cancel));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, int limit, CancellationToken cancel)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var entries = await services.GetRequiredService<ListEntries>().RunAsync(limit + 1, cancel);
        if (entries.Count == 0)
        {
            await Console.Out.WriteLineAsync("Nothing waits and nothing failed.");
            return 0;
        }

        string[][] rows = [Columns, .. entries.Take(limit).Select(entry => Row(entry, now))];
        var widths = Enumerable.Range(0, Columns.Length).Select(i => rows.Max(row => row[i].Length)).ToList();
        foreach (var row in rows)
        {
            await Console.Out.WriteLineAsync(
                string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }

        if (entries.Count > limit)
            await Console.Out.WriteLineAsync($"… and more; --limit shows them.");

        return 0;
    }

    private static string[] Row(WaitingEntry entry, DateTimeOffset now) =>
    [
        entry.Id.ToString(CultureInfo.InvariantCulture),
        entry switch
        {
            { FailedAt: not null } => "failed",
            { LeaseUntil: { } until } when until > now => "running",
            _ => "waiting",
        },
        entry.Kind,
        entry.Subject,
        entry.DueAt.ToString("u", CultureInfo.InvariantCulture),
        entry.Attempts.ToString(CultureInfo.InvariantCulture),
        entry.LastError ?? "",
    ];
}
