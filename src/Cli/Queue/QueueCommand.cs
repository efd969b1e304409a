using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Parley.Server.Host;

namespace Parley.Cli.Queue;

/// <summary>
/// <c>parley queue</c>: the work that follows commits, for an operator. It works on the database itself, beside a
/// running server or without one; leases keep the two from doing the same work (requirement OQ-09).
/// </summary>
internal static class QueueCommand
{
    public static Command Build() => new("queue", "Look at work that follows commits, run it, retry what failed")
    {
        ListCommand.Build(),
        ProcessCommand.Build(),
        RetryCommand.Build(),
    };

    /// <summary>The server's rooms on its database, without its doors and its background work.</summary>
    public static async Task<int> RunAsync(
        IEnumerable<string> arguments, Func<IServiceProvider, Task<int>> work, CancellationToken cancel)
    {
        await using var app = ParleyHost.Build([.. arguments], builder => builder.Logging.ClearProviders());
        await app.StartStorageAsync(cancel);
        return await work(app.Services);
    }
}
