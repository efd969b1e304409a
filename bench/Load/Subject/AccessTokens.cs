using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Parley.Load.Subject;

/// <summary>
/// Access tokens (rule AU-2) signed with the key the server under test has made for itself, so that nobody has to
/// sign in. Tickets are fetched with them as everybody does.
/// </summary>
internal sealed class AccessTokens
{
    private const int LifeSeconds = 3_600;

    private readonly string _header;
    private readonly byte[] _secret;

    private AccessTokens(string keyId, byte[] secret)
    {
        var header = $$"""{"alg":"HS256","typ":"access","kid":"{{keyId}}"}""";
        _header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header));
        _secret = HKDF.Expand(HashAlgorithmName.SHA256, secret, 32, "parley jwt v1"u8.ToArray());
    }

    /// <summary>With the newest key in a server's data folder.</summary>
    public static AccessTokens Of(string dataFolder)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, "keys", "signing.json")));
        var key = file.RootElement.GetProperty("keys")[0];
        return new(key.GetProperty("id").GetString() ?? "", key.GetProperty("secret").GetBytesFromBase64());
    }

    public string For(Someone someone)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["aud"] = "parley:access",
            ["sub"] = someone.Account,
            ["sid"] = someone.Device,
            ["role"] = "member",
            ["jti"] = Guid.NewGuid(),
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + LifeSeconds,
        });
        var signed = $"{_header}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.ASCII.GetBytes(signed)))}";
    }
}
