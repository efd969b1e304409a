using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Changes an account's role; it holds from the next request on, without a new sign-in.</summary>
internal sealed class ChangeRole(AdministerAccount administer, SessionChanges changes, ILogger<ChangeRole> log)
{
    public Task<Outcome<Person>> RunAsync(
        Caller caller, AccountId id, ChangeRoleRequest request, CancellationToken cancel) =>
        administer.RunAsync(caller, id, (turn, account) => ChangeAsync(turn, caller, account, request.Role), cancel);

    private async Task<Outcome<Person>> ChangeAsync(Transaction turn, Caller caller, Account account, Role role)
    {
        if (account.Role == role)
            return account.ToPerson();
        if (await AdministerAccount.WhyNotLoseAsync(turn, account) is { } no)
            return no;

        await turn.ExecuteAsync(
            "UPDATE account SET role = @Role WHERE id = @Id", new { account.Id, Role = role.Word() });
        await changes.RoleChangedAsync(turn, account.Id);
        turn.AfterCommit(() => Log.RoleChanged(log, account.Id, role, caller.AccountId));
        return account.ToPerson() with { Role = role };
    }
}
