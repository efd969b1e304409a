using Parley.Contract;
using Parley.Server.Accounts.Tokens;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Trades a refresh token for its successor; a replayed one ends the device. Rule AU-3.</summary>
internal sealed class Refresh(
    IDatabase database,
    RefreshTokens tokens,
    NewSession sessions,
    SessionChanges changes,
    TimeProvider time,
    ILogger<Refresh> log)
{
    public async Task<Outcome<SignedIn>> RunAsync(RefreshRequest request, CancellationToken cancel)
    {
        if (RefreshTokens.Parse(request.RefreshToken) is not { } token)
            return Refuse.Unauthenticated;

        return await database.WriteAsync(turn => TradeAsync(turn, token), cancel) is { } signedIn
            ? signedIn
            : Refuse.Unauthenticated;
    }

    private async Task<SignedIn?> TradeAsync(Transaction turn, RefreshToken token)
    {
        var now = time.GetUtcNow();
        var device = await DeviceSql.LockAsync(turn, token.DeviceId);
        if (device is null || !tokens.IsGenuine(token, device.RefreshNonce) || !device.IsAlive(now))
            return null;
        if (await AccountSql.FindAsync(turn, device.AccountId) is not { IsActive: true } account)
            return null;

        switch (AccountRules.Judge(token.Generation, device.RefreshGeneration, device.RefreshedAt, now))
        {
            case RefreshVerdict.Rotate:
                await RotateAsync(turn, device, token.Generation + 1, now);
                return sessions.Tokens(account, device, token.Generation + 1);

            case RefreshVerdict.Repeat:
                return sessions.Tokens(account, device, device.RefreshGeneration);

            default:
                await DeviceSql.RevokeAsync(turn, device.Id, now);
                await changes.DeviceEndedAsync(turn, device.AccountId, device.Id);
                turn.AfterCommit(() => Log.RefreshReplayed(log, device.AccountId, device.Id));
                return null;
        }
    }

    private static async Task RotateAsync(Transaction turn, StoredDevice device, long generation, DateTimeOffset now) =>
        await turn.ExecuteAsync(
            """
            UPDATE device
            SET refresh_generation = @generation, refreshed_at = @now, last_seen_at = @now, expires_at = @ExpiresAt
            WHERE id = @Id
            """,
            new { device.Id, generation, now, ExpiresAt = AccountRules.SessionEnd(device.SignedInAt, now) });
}
