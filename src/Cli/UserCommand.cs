using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Host;
using Parley.Server.Storage;

namespace Parley.Cli;

/// <summary>
/// <c>parley user</c>: the first administrator, and the way back in when a password is lost. It works on the database
/// itself, so whoever may run it owns the server already.
/// </summary>
internal static class UserCommand
{
    public static Command Build() => new("user", "Create people, and let them choose a password")
    {
        BuildAdd(),
        BuildReset(),
    };

    private static Command BuildAdd()
    {
        var handle = new Argument<string>("handle") { Description = "2 to 40 of a-z 0-9 . _ -" };
        var name = new Option<string>("--name") { Description = "Display name", Required = true };
        var role = new Option<Role>("--role")
        {
            Description = "administrator, staff or member",
            DefaultValueFactory = _ => Role.Member,
        };
        var storage = new StorageArguments();
        var command = new Command("add", "Create an account; prints the one-time token for its password")
        {
            handle,
            name,
            role,
        };
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            [.. storage.ToHostArguments(parsed)],
            async (services, turn) =>
            {
                var request = new CreateAccountRequest(
                    parsed.GetRequiredValue(handle), parsed.GetRequiredValue(name), parsed.GetValue(role), null);
                var accounts = services.GetRequiredService<NewAccount>();
                var made = await accounts.InsertAsync(turn, request, passwordHash: null);
                return made.Value is { } person ? (person.Id, null) : (null, made.Refusal);
            },
            cancel));
        return command;
    }

    private static Command BuildReset()
    {
        var handle = new Argument<string>("handle") { Description = "Whose password" };
        var storage = new StorageArguments();
        var command = new Command("reset", "Print a new one-time token for somebody's password") { handle };
        storage.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            [.. storage.ToHostArguments(parsed)],
            async (_, turn) => await AccountSql.FindAsync(turn, parsed.GetRequiredValue(handle)) is { } account
                ? (account.Id, null)
                : (null, new(RefusalCode.NotFound, "There is nobody with this handle.")),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] arguments,
        Func<IServiceProvider, Transaction, Task<(AccountId? Account, Refusal? Refusal)>> find,
        CancellationToken cancel)
    {
        await using var app = ParleyHost.Build(arguments, builder => builder.Logging.ClearProviders());
        await app.StartStorageAsync(cancel);
        var time = app.Services.GetRequiredService<TimeProvider>();
        var (link, refusal) = await app.Services.GetRequiredService<IDatabase>().WriteAsync(async turn =>
        {
            var (account, refusal) = await find(app.Services, turn);
            return account is { } id
                ? (await ResetLinks.MakeAsync(turn, id, time.GetUtcNow()), refusal)
                : ((ResetLink?)null, refusal);
        }, cancel);
        if (link is null)
        {
            // Without a link there is a refusal.
            await Console.Error.WriteLineAsync($"{refusal!.Code}: {refusal.Detail}");
            return 1;
        }

        await Console.Out.WriteLineAsync($"""
            Choose the password before {link.ExpiresAt:u} with this token, which works once:

              curl -X POST http://localhost:5080/api/v1/auth/reset \
                   -H 'Content-Type: application/json' \
                   -d '{JsonOf(link.Token)}'
            """);
        return 0;
    }

    private static string JsonOf(string token) =>
        $$"""{"token": "{{token}}", "newPassword": "at least {{Limits.PasswordLengthMin}} characters"}""";
}
