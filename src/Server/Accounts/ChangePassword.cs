using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Changes the caller's password and signs every other device out. Rules AU-1, AU-4.</summary>
internal sealed class ChangePassword(
    IDatabase database, Passwords passwords, SignInCounter counter, SessionChanges changes, TimeProvider time)
{
    private static readonly Refusal Wrong = new(
        RefusalCode.WrongCredentials, "The current password is not right. Nothing was changed.");

    public async Task<Outcome<Done>> RunAsync(Caller caller, ChangePasswordRequest request, CancellationToken cancel)
    {
        using var turn = await passwords.EnterAsync(cancel);
        if (turn is null)
            return Passwords.Overloaded;

        var (refusal, account) = await database.WriteAsync(turn => LookAsync(turn, caller, request), cancel);
        if (refusal is not null || account is null)
            return refusal ?? Refuse.Unauthenticated;
        if (!passwords.IsMatch(account.PasswordHash, request.CurrentPassword, out _))
            return Wrong;

        var hash = passwords.Hash(request.NewPassword);
        return await database.WriteAsync(turn => SetAsync(turn, caller, account, hash), cancel) ? Done.Instance : Wrong;
    }

    private async Task<(Refusal?, Account?)> LookAsync(Transaction turn, Caller caller, ChangePasswordRequest request)
    {
        if (await AccountSql.FindAsync(turn, caller.AccountId) is not { } account)
            return (null, null);
        if (AccountRules.WhyNotPassword(request.NewPassword, account.Handle, account.Name) is { } weak)
            return (weak, account);

        return (await counter.CountAsync(turn, account.Handle), account);
    }

    private async Task<bool> SetAsync(Transaction turn, Caller caller, Account seen, string hash)
    {
        var account = await AccountSql.LockAsync(turn, caller.AccountId);
        if (account is not { IsActive: true } || account.PasswordHash != seen.PasswordHash)
            return false;

        await AccountSql.SetPasswordAsync(turn, account.Id, hash);
        await SignInCounter.ForgetAsync(turn, account.Handle);
        await ResetLinks.VoidAsync(turn, account.Id);
        foreach (var device in await DeviceSql.RevokeOthersAsync(turn, account.Id, caller.DeviceId, time.GetUtcNow()))
            await changes.DeviceEndedAsync(turn, account.Id, device);

        return true;
    }
}
