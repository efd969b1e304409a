using System.Text.Json;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts.Tokens;

/// <summary>What a token of ours says.</summary>
/// <param name="AccountId">Claim <c>sub</c>.</param>
/// <param name="DeviceId">Claim <c>sid</c>.</param>
/// <param name="Role">
/// Claim <c>role</c>; for readers of the token. What a caller may do is asked of the session.
/// </param>
/// <param name="TokenId">Claim <c>jti</c>.</param>
/// <param name="IssuedAt">Claims <c>iat</c> and <c>nbf</c>, whole seconds.</param>
/// <param name="ExpiresAt">Claim <c>exp</c>, whole seconds.</param>
internal sealed record Claims(
    AccountId AccountId, DeviceId DeviceId, Role Role, Guid TokenId, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>How far ahead the clock of the node that issued may be. Seconds.</summary>
    public const int ClockSkewSeconds = 60;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 1 };

    public byte[] Write(string type) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["aud"] = TokenTypes.Audience(type),
        ["sub"] = AccountId.Value,
        ["sid"] = DeviceId.Value,
        ["role"] = Role.Word(),
        ["jti"] = TokenId,
        ["iat"] = IssuedAt.ToUnixTimeSeconds(),
        ["nbf"] = IssuedAt.ToUnixTimeSeconds(),
        ["exp"] = ExpiresAt.ToUnixTimeSeconds(),
    });

    /// <summary>
    /// The claims, if they are complete, for that type and valid now; null otherwise. The signature has been checked.
    /// </summary>
    public static Claims? Read(ReadOnlyMemory<byte> payload, string type, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            var claims = document.RootElement;
            return claims.ValueKind == JsonValueKind.Object
                && Text(claims, "aud") == TokenTypes.Audience(type)
                && Id(claims, "sub") is { } account
                && Id(claims, "sid") is { } device
                && Id(claims, "jti") is { } token
                && Enum.TryParse<Role>(Text(claims, "role"), ignoreCase: true, out var role)
                && Instant(claims, "iat") is { } issuedAt
                && Instant(claims, "nbf") is { } notBefore
                && Instant(claims, "exp") is { } expiresAt
                && issuedAt <= now.AddSeconds(ClockSkewSeconds)
                && notBefore <= now.AddSeconds(ClockSkewSeconds)
                && expiresAt > now
                    ? new(new(account), new(device), role, token, issuedAt, expiresAt)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static Guid? Id(JsonElement claims, string name) =>
        Guid.TryParseExact(Text(claims, name), "D", out var id) ? id : null;

    private static DateTimeOffset? Instant(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is >= 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
}
