using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Lets a deactivated account sign in again, with the password it had.</summary>
internal sealed class ReactivateAccount(AdministerAccount administer, ILogger<ReactivateAccount> log)
{
    public Task<Outcome<Person>> RunAsync(Caller caller, AccountId id, CancellationToken cancel) =>
        administer.RunAsync(caller, id, (turn, account) => ReactivateAsync(turn, caller, account), cancel);

    private async Task<Outcome<Person>> ReactivateAsync(Transaction turn, Caller caller, Account account)
    {
        await turn.ExecuteAsync("UPDATE account SET deactivated_at = NULL WHERE id = @Id", new { account.Id });
        await Rosters.OutdateAsync(turn, account.Id);
        turn.AfterCommit(() => Log.Reactivated(log, account.Id, caller.AccountId));
        return account.ToPerson() with { IsActive = true };
    }
}
