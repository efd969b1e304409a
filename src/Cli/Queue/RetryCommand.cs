using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Outbox;

namespace Parley.Cli.Queue;

/// <summary>
/// <c>parley queue retry</c>: a fresh set of attempts, due now. The server, or <c>process</c>, makes them.
/// </summary>
internal static class RetryCommand
{
    public static Command Build()
    {
        var id = new Argument<long?>("id")
        {
            Description = "The entry, as `list` shows it",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var allFailed = new Option<bool>("--all-failed") { Description = "Every failed entry" };
        var storage = new StorageArguments();
        var command = new Command("retry", "Try a failed entry again, or a waiting one at once") { id, allFailed };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(allFailed))
                result.AddError("Name one entry by its id, or all that failed with --all-failed.");
        });
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => QueueCommand.RunAsync(
            storage.ToHostArguments(parsed), services => RunAsync(services, parsed.GetValue(id), cancel), cancel));
        return command;
    }

    /// <param name="services">The server's rooms.</param>
    /// <param name="id">One entry; null for all that failed.</param>
    /// <param name="cancel">Gives up.</param>
    private static async Task<int> RunAsync(IServiceProvider services, long? id, CancellationToken cancel)
    {
        var retry = services.GetRequiredService<RetryEntries>();
        var count = id is { } one ? await retry.OneAsync(one, cancel) : await retry.AllFailedAsync(cancel);
        if (id is not null && count == 0)
        {
            await Console.Error.WriteLineAsync(
                $"There is no entry {id} that failed or waits. `parley queue list` shows all.");
            return 1;
        }

        await Console.Out.WriteLineAsync(count == 1 ? "1 entry is due now." : $"{count} entries are due now.");
        return 0;
    }
}
