using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Sets a password with a one-time link, and signs every device out. Rule AU-4.</summary>
internal sealed class UseResetLink(
    IDatabase database, Passwords passwords, SessionChanges changes, TimeProvider time, ILogger<UseResetLink> log)
{
    private static readonly Refusal Expired = new(
        RefusalCode.LinkExpired, "This link is unknown, used or expired. Ask an administrator for a new one.");

    public async Task<Outcome<Done>> RunAsync(UseResetLinkRequest request, CancellationToken cancel)
    {
        var account = await database.ReadAsync(
            view => ResetLinks.FindAsync(view, request.Token, time.GetUtcNow()), cancel);
        if (account is null)
            return Expired;
        if (AccountRules.WhyNotPassword(request.NewPassword, account.Handle, account.Name) is { } weak)
            return weak;

        using var turn = await passwords.EnterAsync(cancel);
        if (turn is null)
            return Passwords.Overloaded;

        var hash = passwords.Hash(request.NewPassword);
        return await database.WriteAsync(turn => SetAsync(turn, account.Id, request.Token, hash), cancel)
            ? Done.Instance
            : Expired;
    }

    private async Task<bool> SetAsync(Transaction turn, AccountId id, string token, string hash)
    {
        var now = time.GetUtcNow();
        var account = await AccountSql.LockAsync(turn, id);
        if (account is not { IsActive: true } || !await ResetLinks.UseAsync(turn, token, now))
            return false;

        await AccountSql.SetPasswordAsync(turn, id, hash);
        await SignInCounter.ForgetAsync(turn, account.Handle);
        await DeviceSql.RevokeAllAsync(turn, id, now);
        await changes.AccountEndedAsync(turn, id);
        turn.AfterCommit(() => Log.PasswordReset(log, id));
        return true;
    }
}
