using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Outbox;

namespace Parley.Cli.Queue;

/// <summary><c>parley queue process</c>: runs what is due now, once, and waits for it.</summary>
internal static class ProcessCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var command = new Command("process", "Run what is due now; ends with 1 when an attempt failed");
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => QueueCommand.RunAsync(
            storage.ToHostArguments(parsed), services => RunAsync(services, cancel), cancel));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, CancellationToken cancel)
    {
        var summary = await services.GetRequiredService<RunDueEntries>().RunAsync(cancel);
        await Console.Out.WriteLineAsync(
            $"{summary.Done} done, {summary.Postponed} to be repeated, {summary.Failed} failed, "
            + $"{summary.Unsettled} of unknown end.");
        return summary is { Postponed: 0, Failed: 0, Unsettled: 0 } ? 0 : 1;
    }
}
