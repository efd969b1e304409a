using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Ends all access of an account at once; what it wrote stays. Rule AU-4.</summary>
internal sealed class DeactivateAccount(
    AdministerAccount administer, SessionChanges changes, TimeProvider time, ILogger<DeactivateAccount> log)
{
    public Task<Outcome<Person>> RunAsync(Caller caller, AccountId id, CancellationToken cancel) =>
        administer.RunAsync(caller, id, (turn, account) => DeactivateAsync(turn, caller, account), cancel);

    private async Task<Outcome<Person>> DeactivateAsync(Transaction turn, Caller caller, Account account)
    {
        if (!account.IsActive)
            return account.ToPerson();
        if (await AdministerAccount.WhyNotLoseAsync(turn, account) is { } no)
            return no;

        var now = time.GetUtcNow();
        await turn.ExecuteAsync("UPDATE account SET deactivated_at = @now WHERE id = @Id", new { account.Id, now });
        await DeviceSql.RevokeAllAsync(turn, account.Id, now);
        await ResetLinks.VoidAsync(turn, account.Id);
        await Rosters.OutdateAsync(turn, account.Id);
        await changes.AccountEndedAsync(turn, account.Id);
        turn.AfterCommit(() => Log.Deactivated(log, account.Id, caller.AccountId));
        return account.ToPerson() with { IsActive = false };
    }
}
