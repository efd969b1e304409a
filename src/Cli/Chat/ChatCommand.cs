using System.CommandLine;
using Parley.Client;

namespace Parley.Cli.Chat;

/// <summary>
/// <c>parley chat</c>: talks with one person from a terminal, or from a script when output is redirected.
/// </summary>
internal static class ChatCommand
{
    public static Command Build()
    {
        var self = new Option<string>("--as") { Description = "Your handle", Required = true };
        var other = new Option<string>("--to") { Description = "The handle of whom to talk to", Required = true };
        var server = new Option<Uri>("--server")
        {
            Description = "The server's address",
            DefaultValueFactory = _ => new("http://localhost:5080"),
            CustomParser = parsed => new(parsed.Tokens[0].Value, UriKind.Absolute),
        };
        var password = new Option<string?>("--password") { Description = "Your password; asked for when needed" };
        var folder = new Option<DirectoryInfo?>("--data")
        {
            Description = "Folder for session, cache and outbox; by default one per server and handle in your home",
        };
        var command = new Command("chat", "Talk with one person") { self, other, server, password, folder };
        command.SetAction((parsed, cancel) => ChatSession.RunAsync(
            new(
                parsed.GetRequiredValue(self),
                parsed.GetRequiredValue(other),
                parsed.GetRequiredValue(server),
                parsed.GetValue(password),
                parsed.GetValue(folder)?.FullName),
            cancel));
        return command;
    }
}

/// <summary>What the command line said.</summary>
internal sealed record ChatArguments(string As, string To, Uri Server, string? Password, string? Folder);
