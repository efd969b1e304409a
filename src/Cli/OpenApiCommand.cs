using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Parley.Server.Host;

namespace Parley.Cli;

/// <summary><c>parley openapi</c>: writes the contract of the HTTP door to standard output, for the check of
/// drift.</summary>
internal static class OpenApiCommand
{
    public static Command Build()
    {
        var command = new Command("openapi", "Write the OpenAPI document to standard output");
        command.SetAction((_, cancel) => RunAsync(cancel));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("parley-openapi-");
        try
        {
            await using var app = ParleyHost.Build(
                [$"--Storage:DataFolder={folder.FullName}", "--urls=http://127.0.0.1:0"],
                builder => builder.Logging.ClearProviders());
            await app.StartStorageAsync(cancel);
            await app.StartAsync(cancel);
            using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
            await Console.Out.WriteLineAsync(await http.GetStringAsync("/openapi/v1.json", cancel));
            await app.StopAsync(cancel);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
