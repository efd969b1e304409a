using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Statements on accounts that more than one verb needs. Each finds its rows by a primary key or a unique index.
/// </summary>
internal static class AccountSql
{
    public const string Columns =
        """
        p.id, p.handle, p.name, p.role, p.attributes, p.password_hash, p.deactivated_at,
        p.presence, p.shows_last_seen, p.sends_read_receipts
        """;

    public static Task<Account?> FindAsync(Snapshot view, AccountId id) => view.FirstOrDefaultAsync<Account>(
        $"SELECT {Columns} FROM account p WHERE p.id = @id", new { id });

    public static Task<Account?> FindAsync(Snapshot view, string handle) => view.FirstOrDefaultAsync<Account>(
        $"SELECT {Columns} FROM account p WHERE p.handle = @handle", new { handle });

    /// <summary>The account, kept as it is until the commit.</summary>
    public static Task<Account?> LockAsync(Transaction turn, AccountId id) => turn.FirstOrDefaultAsync<Account>(
        $"SELECT {Columns} FROM account p WHERE p.id = @id {turn.Database.ForUpdate}", new { id });

    /// <summary>
    /// Administrators who may act, kept so until the commit: two who demote each other at once must not both succeed.
    /// A scan of the accounts; administrators' verbs only.
    /// </summary>
    public static Task<IReadOnlyList<AccountId>> LockAdministratorsAsync(Transaction turn) =>
        turn.QueryAsync<AccountId>($"""
            SELECT p.id
            FROM account p
            WHERE p.role = 'administrator' AND p.deactivated_at IS NULL
            ORDER BY p.id
            {turn.Database.ForUpdate}
            """);

    public static async Task<IReadOnlyList<AttributeDefinition>> AttributesAsync(Snapshot view) =>
        await view.QueryAsync<AttributeDefinition>("SELECT key, label FROM attribute_definition ORDER BY position");

    public static Task SetPasswordAsync(Transaction turn, AccountId id, string hash) => turn.ExecuteAsync(
        "UPDATE account SET password_hash = @hash WHERE id = @id", new { id, hash });

    public static Task<Session?> FindSessionAsync(
        Snapshot view, AccountId account, DeviceId device, DateTimeOffset now) =>
        view.FirstOrDefaultAsync<Session>(
            """
            SELECT a.role, d.expires_at
            FROM device d
            JOIN account a ON a.id = d.account_id
            WHERE d.id = @device AND d.account_id = @account
              AND d.revoked_at IS NULL AND d.expires_at > @now AND a.deactivated_at IS NULL
            """,
            new { account, device, now });

    /// <summary>A session that is valid.</summary>
    internal sealed class Session
    {
        public Role Role { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }
    }
}
