using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Makes a one-time link for a person who forgot the password. The former link is void.</summary>
internal sealed class MakeResetLink(AdministerAccount administer, TimeProvider time, ILogger<MakeResetLink> log)
{
    private static readonly Refusal Inactive = Refuse.Invalid("The account is deactivated. Reactivate it first.");

    public Task<Outcome<ResetLink>> RunAsync(Caller caller, AccountId id, CancellationToken cancel) =>
        administer.RunAsync(caller, id, (turn, account) => MakeAsync(turn, caller, account), cancel);

    private async Task<Outcome<ResetLink>> MakeAsync(Transaction turn, Caller caller, Account account)
    {
        if (!account.IsActive)
            return Inactive;

        turn.AfterCommit(() => Log.ResetLinkMade(log, account.Id, caller.AccountId));
        return await ResetLinks.MakeAsync(turn, account.Id, time.GetUtcNow());
    }
}
