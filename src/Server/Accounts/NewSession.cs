using Parley.Contract;
using Parley.Server.Accounts.Tokens;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Begins a session for somebody who has proven who they are: the one way to a device and its first tokens.
/// </summary>
internal sealed class NewSession(
    AccessTokens accessTokens, RefreshTokens refreshTokens, TimeProvider time, IChance chance, ILogger<NewSession> log)
{
    private static readonly TimeSpan EndedKeptFor = TimeSpan.FromDays(30);

    public async Task<SignedIn> BeginAsync(Transaction turn, Account account, string deviceName)
    {
        var now = time.GetUtcNow();
        var device = new StoredDevice
        {
            Id = new(chance.NewId(now)),
            AccountId = account.Id,
            Name = deviceName.Trim(),
            SignedInAt = now,
            LastSeenAt = now,
            ExpiresAt = AccountRules.SessionEnd(now, now),
            RefreshNonce = RefreshTokens.NewNonce(),
            RefreshGeneration = 1,
            RefreshedAt = now,
        };
        await DeviceSql.DeleteEndedAsync(turn, account.Id, now - EndedKeptFor);
        await DeviceSql.InsertAsync(turn, device);
        turn.AfterCommit(() => Log.SignedIn(log, account.Id, device.Id));
        return Tokens(account, device, device.RefreshGeneration);
    }

    /// <summary>The tokens of a generation of a device.</summary>
    public SignedIn Tokens(Account account, StoredDevice device, long generation) => new(
        accessTokens.Issue(account.Id, device.Id, account.Role),
        AccessTokens.LifeSeconds,
        refreshTokens.Make(device.Id, generation, device.RefreshNonce),
        device.Id,
        account.ToPerson());
}
