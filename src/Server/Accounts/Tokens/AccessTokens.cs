using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts.Tokens;

/// <summary>Issues and reads access tokens. Rule AU-2.</summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider time, IChance chance)
{
    public const int LifeSeconds = 15 * 60;

    public string Issue(AccountId account, DeviceId device, Role role)
    {
        var now = time.GetUtcNow();
        var claims = new Claims(account, device, role, chance.NewId(now), now, now.AddSeconds(LifeSeconds));
        return Jwt.Sign(keys.Signing, TokenTypes.Access, claims.Write(TokenTypes.Access));
    }

    /// <summary>
    /// What the token says, if it is ours and valid now. Whether its session still is, <see cref="Sessions"/> knows.
    /// </summary>
    public Claims? Read(string token) =>
        Jwt.Open(token, TokenTypes.Access, keys.All) is { } payload
            ? Claims.Read(payload, TokenTypes.Access, time.GetUtcNow())
            : null;
}
