using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Host;
using Parley.Server.Storage;

namespace Parley.Cli;

/// <summary><c>parley migrate</c>: brings the database up to date without serving; the server does the same when it
/// starts.</summary>
internal static class MigrateCommand
{
    public static Command Build()
    {
        var storage = new StorageArguments();
        var command = new Command("migrate", "Bring the database up to date, and say what it promises");
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync([.. storage.ToHostArguments(parsed)], cancel));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        await using var app = ParleyHost.Build(arguments);
        await app.StartStorageAsync(cancel);
        var facts = await app.Services.GetRequiredService<IDatabase>().FactsAsync(cancel);
        await Console.Out.WriteLineAsync(
            $"{facts.Kind} {facts.Version} is at schema {facts.SchemaVersion} ({facts.Durability}).");
        return 0;
    }
}
