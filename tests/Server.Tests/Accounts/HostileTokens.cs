using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Parley.Contract;
using Parley.Server.Accounts.Tokens;

namespace Parley.Server.Tests.Accounts;

/// <summary>
/// Tokens somebody might try, by name. Most are made with the right key, which only we have: the worst case.
/// </summary>
internal sealed class HostileTokens(SigningKey key, SignedIn session, DateTimeOffset now)
{
    private const string Good = """{"alg":"HS256","typ":"access","kid":"KID"}""";
    private readonly long _now = now.ToUnixTimeSeconds();

    public IEnumerable<(string Name, string Token)> All() =>
        [.. Headers(), .. Signatures(), .. Shapes(), .. Times(), .. Payloads()];

    private IEnumerable<(string, string)> Headers()
    {
        yield return ("alg none, unsigned", $"{Part("""{"alg":"none","typ":"access"}""")}.{Part(Claims())}.");
        yield return (
            "alg none in odd case", $"{Part("""{"alg":"nOnE","typ":"access","kid":"KID"}""")}.{Part(Claims())}.");
        yield return ("alg none, signed", Signed("""{"alg":"none","typ":"access","kid":"KID"}"""));
        yield return ("alg HS512", Signed("""{"alg":"HS512","typ":"access","kid":"KID"}"""));
        yield return ("alg RS256", Signed("""{"alg":"RS256","typ":"access","kid":"KID"}"""));
        yield return ("alg ES256", Signed("""{"alg":"ES256","typ":"access","kid":"KID"}"""));
        yield return ("no alg", Signed("""{"typ":"access","kid":"KID"}"""));
        yield return ("alg twice", Signed("""{"alg":"HS256","alg":"none","typ":"access","kid":"KID"}"""));
        yield return ("typ of a ticket", Signed("""{"alg":"HS256","typ":"ticket","kid":"KID"}"""));
        yield return ("typ JWT", Signed("""{"alg":"HS256","typ":"JWT","kid":"KID"}"""));
        yield return ("no typ", Signed("""{"alg":"HS256","kid":"KID"}"""));
        yield return ("no kid", Signed("""{"alg":"HS256","typ":"access"}"""));
        yield return ("kid unknown", Signed("""{"alg":"HS256","typ":"access","kid":"other"}"""));
        yield return ("kid a path", Signed("""{"alg":"HS256","typ":"access","kid":"../../dev/null"}"""));
        yield return ("kid SQL", Signed("""{"alg":"HS256","typ":"access","kid":"x' UNION SELECT 'key'--"}"""));
        yield return ("kid a number", Signed("""{"alg":"HS256","typ":"access","kid":1}"""));
        yield return ("jwk", Signed("""{"alg":"HS256","typ":"access","kid":"KID","jwk":{"kty":"oct","k":"AAAA"}}"""));
        yield return (
            "jku", Signed("""{"alg":"HS256","typ":"access","kid":"KID","jku":"https://evil.example/keys"}"""));
        yield return (
            "x5u", Signed("""{"alg":"HS256","typ":"access","kid":"KID","x5u":"https://evil.example/cert"}"""));
        yield return ("crit", Signed("""{"alg":"HS256","typ":"access","kid":"KID","crit":["exp"],"exp":0}"""));
        yield return ("b64 false", Signed("""{"alg":"HS256","typ":"access","kid":"KID","b64":false}"""));
        yield return ("header with white space", Signed("""{ "alg":"HS256","typ":"access","kid":"KID"}"""));
    }

    private IEnumerable<(string, string)> Signatures()
    {
        var text = $"{Part(Good)}.{Part(Claims())}";
        yield return ("no signature", text + ".");
        yield return ("another's signature", $"{text}.{session.AccessToken.Split('.')[2]}");
        yield return ("an empty key's signature",
            $"{text}.{Code(HMACSHA256.HashData(Array.Empty<byte>(), Encoding.ASCII.GetBytes(text)))}");
        yield return ("the raw secret's signature",
            $"{text}.{Code(HMACSHA256.HashData(key.Secret, Encoding.ASCII.GetBytes(text)))}");
        yield return ("the refresh key's signature", $"{text}.{Code(key.SignRefresh(Encoding.ASCII.GetBytes(text)))}");
        yield return ("the kid as key",
            $"{text}.{Code(HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.Id), Encoding.ASCII.GetBytes(text)))}");
        yield return ("half of the signature", session.AccessToken[..^20]);
        yield return ("one bit of the signature", Flip(session.AccessToken));
        yield return ("padded signature", session.AccessToken + "=");
    }

    private IEnumerable<(string, string)> Shapes()
    {
        var parts = session.AccessToken.Split('.');
        yield return ("empty", "");
        yield return ("dots", "..");
        yield return ("two parts", $"{parts[0]}.{parts[1]}");
        yield return ("four parts", session.AccessToken + ".AAAA");
        yield return ("five parts, encrypted", $"{parts[0]}.AAAA.AAAA.AAAA.AAAA");
        yield return ("another payload", $"{parts[0]}.{Part(Claims(role: "administrator"))}.{parts[2]}");
        yield return ("huge", Signed(Good, Claims(more: $",\"x\":\"{new string('x', 5000)}\"")));
        yield return ("the refresh token", session.RefreshToken);
        yield return ("not base64url", $"{parts[0]}.{parts[1]}+/.{parts[2]}");
    }

    private IEnumerable<(string, string)> Times()
    {
        yield return ("expired", Signed(Good, Claims(exp: $"{_now}")));
        yield return ("expired long ago", Signed(Good, Claims(exp: $"{_now - 900}")));
        yield return ("no exp", Signed(Good, Claims(without: "exp")));
        yield return ("exp as text", Signed(Good, Claims(exp: $"\"{_now + 900}\"")));
        yield return ("exp beyond all years", Signed(Good, Claims(exp: "999999999999999999")));
        yield return ("not yet valid", Signed(Good, Claims(nbf: $"{_now + 120}")));
        yield return ("issued in the future", Signed(Good, Claims(iat: $"{_now + 120}")));
    }

    private IEnumerable<(string, string)> Payloads()
    {
        yield return ("audience of a ticket", Signed(Good, Claims(aud: "\"parley:ticket\"")));
        yield return ("audiences in a list", Signed(Good, Claims(aud: "[\"parley:access\"]")));
        yield return ("no audience", Signed(Good, Claims(without: "aud")));
        yield return ("no subject", Signed(Good, Claims(without: "sub")));
        yield return ("no device", Signed(Good, Claims(without: "sid")));
        yield return ("another's device", Signed(Good, Claims(sid: Guid.NewGuid().ToString())));
        yield return ("another's account", Signed(Good, Claims(sub: Guid.NewGuid().ToString())));
        yield return ("subject twice", Signed(Good, Claims(more: $",\"sub\":\"{session.Me.Id}\"")));
        yield return ("subject no id", Signed(Good, Claims(sub: "admin")));
        yield return ("payload no object", Signed(Good, "[]"));
        yield return ("payload no JSON", Signed(Good, "hello"));
        yield return (
            "payload deep", Signed(Good, Claims(more: $",\"x\":{new string('[', 100)}{new string(']', 100)}")));
    }

    /// <summary>The control: made in the same way, and accepted.</summary>
    public string Control() => Signed(Good, Claims());

    private string Claims(
        string? aud = null, string? sub = null, string? sid = null, string role = "member", string? iat = null,
        string? nbf = null, string? exp = null, string? without = null, string more = "")
    {
        var claims = new Dictionary<string, string>
        {
            ["aud"] = aud ?? "\"parley:access\"",
            ["sub"] = $"\"{sub ?? session.Me.Id.ToString()}\"",
            ["sid"] = $"\"{sid ?? session.DeviceId.ToString()}\"",
            ["role"] = $"\"{role}\"",
            ["jti"] = $"\"{Guid.NewGuid()}\"",
            ["iat"] = iat ?? $"{_now}",
            ["nbf"] = nbf ?? $"{_now}",
            ["exp"] = exp ?? $"{_now + 900}",
        };
        claims.Remove(without ?? "");
        return $"{{{string.Join(',', claims.Select(claim => $"\"{claim.Key}\":{claim.Value}"))}{more}}}";
    }

    private string Signed(string header, string? payload = null)
    {
        var text = $"{Part(header)}.{Part(payload ?? Claims())}";
        return $"{text}.{Code(key.SignJwt(Encoding.ASCII.GetBytes(text)))}";
    }

    private string Part(string json) =>
        Code(Encoding.UTF8.GetBytes(json.Replace("KID", key.Id, StringComparison.Ordinal)));

    private static string Code(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static string Flip(string token) => token[..^3] + (token[^3] == 'A' ? 'B' : 'A') + token[^2..];
}
