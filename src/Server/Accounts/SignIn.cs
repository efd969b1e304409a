using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Trades a password for the tokens of a new device. Equal answers and equal work whatever is wrong. Rule AU-1.
/// </summary>
internal sealed class SignIn(
    IDatabase database, Passwords passwords, SignInCounter counter, NewSession sessions, ILogger<SignIn> log)
{
    public static readonly Refusal Wrong = new(
        RefusalCode.WrongCredentials,
        "Handle and password do not match an active account. Check both, or ask for a reset link.");

    public async Task<Outcome<SignedIn>> RunAsync(SignInRequest request, CancellationToken cancel)
    {
        var handle = AccountRules.Handle(request.Handle);
        if (AccountRules.WhyNotDeviceName(request.DeviceName) is { } bad)
            return bad;
        if (!AccountRules.IsHandle(handle) || request.Password.Length > Limits.PasswordLengthMax)
            return Wrong;

        using var turn = await passwords.EnterAsync(cancel);
        if (turn is null)
            return Passwords.Overloaded;

        var (locked, account) = await database.WriteAsync(
            async turn => (await counter.CountAsync(turn, handle), await AccountSql.FindAsync(turn, handle)), cancel);
        if (locked is not null)
        {
            Log.LockedOut(log);
            return locked;
        }

        var isMatch = passwords.IsMatch(account?.PasswordHash, request.Password, out var isOutdated);
        if (!isMatch || account is not { IsActive: true })
        {
            Log.SignInFailed(log, account?.Id);
            return Wrong;
        }

        var newHash = isOutdated ? passwords.Hash(request.Password) : null;
        return await database.WriteAsync(
            turn => BeginAsync(turn, account, request.DeviceName, newHash), cancel) is { } signedIn ? signedIn : Wrong;
    }

    private async Task<SignedIn?> BeginAsync(Transaction turn, Account seen, string deviceName, string? newHash)
    {
        // Between the look at the password and now, it may have been changed, or the account deactivated.
        var account = await AccountSql.LockAsync(turn, seen.Id);
        if (account is not { IsActive: true } || account.PasswordHash != seen.PasswordHash)
            return null;

        if (newHash is not null)
            await AccountSql.SetPasswordAsync(turn, account.Id, newHash);

        await SignInCounter.ForgetAsync(turn, account.Handle);
        return await sessions.BeginAsync(turn, account, deviceName);
    }
}
