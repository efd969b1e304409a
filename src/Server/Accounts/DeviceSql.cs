using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Statements on devices that more than one verb needs. Indexes: the primary key, <c>device_account</c>.
/// </summary>
internal static class DeviceSql
{
    public const string Columns =
        """
        id, account_id, name, signed_in_at, last_seen_at, expires_at, revoked_at,
        refresh_nonce, refresh_generation, refreshed_at
        """;

    public static Task InsertAsync(Transaction turn, StoredDevice device) => turn.ExecuteAsync(
        $"""
        INSERT INTO device ({Columns})
        VALUES (@Id, @AccountId, @Name, @SignedInAt, @LastSeenAt, @ExpiresAt, NULL,
                @RefreshNonce, @RefreshGeneration, @RefreshedAt)
        """,
        device);

    public static Task<StoredDevice?> LockAsync(Transaction turn, DeviceId id) =>
        turn.FirstOrDefaultAsync<StoredDevice>(
            $"SELECT {Columns} FROM device WHERE id = @id {turn.Database.ForUpdate}", new { id });

    /// <summary>Ends one device; false when it was not alive.</summary>
    public static async Task<bool> RevokeAsync(Transaction turn, DeviceId id, DateTimeOffset now) =>
        await turn.ExecuteAsync(
            "UPDATE device SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now }) == 1;

    /// <summary>Ends all devices of an account but one.</summary>
    public static Task<IReadOnlyList<DeviceId>> RevokeOthersAsync(
        Transaction turn, AccountId account, DeviceId kept, DateTimeOffset now) => turn.QueryAsync<DeviceId>(
        """
        UPDATE device SET revoked_at = @now
        WHERE account_id = @account AND id <> @kept AND revoked_at IS NULL
        RETURNING id
        """,
        new { account, kept, now });

    public static Task RevokeAllAsync(Transaction turn, AccountId account, DateTimeOffset now) => turn.ExecuteAsync(
        "UPDATE device SET revoked_at = @now WHERE account_id = @account AND revoked_at IS NULL", new { account, now });

    /// <summary>Forgets an account's devices that ended before an instant.</summary>
    public static Task DeleteEndedAsync(Transaction turn, AccountId account, DateTimeOffset before) =>
        turn.ExecuteAsync(
            "DELETE FROM device WHERE account_id = @account AND (revoked_at < @before OR expires_at < @before)",
            new { account, before });
}
