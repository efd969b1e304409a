using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Parley.Server.Demo;
using Parley.Server.Host;

namespace Parley.Cli;

/// <summary><c>parley serve</c>: the server, until SIGTERM.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var port = new Option<int>("--port")
        {
            Description = "Port to listen on, on all interfaces unless --urls says otherwise",
            DefaultValueFactory = _ => 5080,
        };
        var urls = new Option<string?>("--urls")
        {
            Description = "Addresses to listen on, such as http://127.0.0.1:5080",
        };
        var demo = new Option<bool>("--demo") { Description = "Fill an empty database with a small demo school" };
        var storage = new StorageArguments();
        var command = new Command("serve", "Run the server") { port, urls, demo };
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            [
                .. storage.ToHostArguments(parsed),
                $"--urls={parsed.GetValue(urls) ?? $"http://*:{parsed.GetValue(port)}"}",
            ],
            parsed.GetValue(demo),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, bool demo, CancellationToken cancel)
    {
        await using var app = ParleyHost.Build(arguments);
        await app.StartStorageAsync(cancel);
        if (demo)
            await app.Services.GetRequiredService<DemoOrganisation>().SeedAsync(cancel);

        await ((IHost)app).RunAsync(cancel);
        return 0;
    }
}
