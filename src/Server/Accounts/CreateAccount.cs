using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Creates an account. The person chooses the password by the link; no administrator ever knows it.</summary>
internal sealed class CreateAccount(
    IDatabase database, NewAccount accounts, TimeProvider time, ILogger<CreateAccount> log)
{
    public async Task<Outcome<AccountCreated>> RunAsync(
        Caller caller, CreateAccountRequest request, CancellationToken cancel) =>
        caller.IsAdministrator
            ? await database.WriteAsync(turn => CreateAsync(turn, caller, request), cancel)
            : Refuse.Forbidden;

    private async Task<Outcome<AccountCreated>> CreateAsync(
        Transaction turn, Caller caller, CreateAccountRequest request)
    {
        var made = await accounts.InsertAsync(turn, request, passwordHash: null);
        if (made.Value is not { } person)
            return made.Refusal!; // An outcome without a value has a refusal.

        var link = await ResetLinks.MakeAsync(turn, person.Id, time.GetUtcNow());
        turn.AfterCommit(() => Log.AccountCreated(log, person.Id, caller.AccountId));
        return new AccountCreated(person, link);
    }
}
