using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// One-time links with which a person chooses a password. Only their hash is stored; an account has one at a time.
/// </summary>
internal static class ResetLinks
{
    private const int SecretBytes = 32;

    public static async Task<ResetLink> MakeAsync(Transaction turn, AccountId account, DateTimeOffset now)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var expiresAt = now + AccountRules.ResetLinkLife;
        await VoidAsync(turn, account);
        await turn.ExecuteAsync(
            "INSERT INTO reset_link (token_hash, account_id, expires_at) VALUES (@Hash, @account, @expiresAt)",
            new { Hash = HashOf(token), account, expiresAt });
        return new(token, expiresAt);
    }

    /// <summary>The active account a link is for, while it is good.</summary>
    public static Task<Account?> FindAsync(Snapshot view, string token, DateTimeOffset now) =>
        view.FirstOrDefaultAsync<Account>(
            $"""
            SELECT {AccountSql.Columns}
            FROM reset_link l
            JOIN account p ON p.id = l.account_id
            WHERE l.token_hash = @Hash AND l.expires_at > @now AND p.deactivated_at IS NULL
            """,
            new { Hash = HashOf(token), now });

    /// <summary>Uses a link up; false when it is used, void or expired.</summary>
    public static async Task<bool> UseAsync(Transaction turn, string token, DateTimeOffset now) =>
        await turn.ExecuteAsync(
            "DELETE FROM reset_link WHERE token_hash = @Hash AND expires_at > @now",
            new { Hash = HashOf(token), now }) == 1;

    /// <summary>Index: reset_link_account.</summary>
    public static Task VoidAsync(Transaction turn, AccountId account) =>
        turn.ExecuteAsync("DELETE FROM reset_link WHERE account_id = @account", new { account });

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
