using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Server.Accounts.Tokens;

/// <summary>
/// One secret of the installation, and what is derived from it for each purpose: one never stands for the other.
/// </summary>
internal sealed class SigningKey
{
    public const int SecretBytesMin = 32;

    private readonly byte[] _jwtSecret;
    private readonly byte[] _refreshSecret;
    private readonly Dictionary<string, string> _headers;

    public SigningKey(string id, byte[] secret, DateTimeOffset signsFrom)
    {
        (Id, Secret, SignsFrom) = (id, secret, signsFrom);
        _jwtSecret = Derive("parley jwt v1");
        _refreshSecret = Derive("parley refresh v1");
        _headers = TokenTypes.All.ToDictionary(type => type, HeaderText);
    }

    public string Id { get; }

    public byte[] Secret { get; }

    /// <summary>Known to every node before any of them signs with it.</summary>
    public DateTimeOffset SignsFrom { get; }

    /// <summary>The whole first segment of our tokens of that type, the only one that is ever accepted.</summary>
    public string Header(string type) => _headers[type];

    public byte[] SignJwt(ReadOnlySpan<byte> signed) => HMACSHA256.HashData(_jwtSecret, signed);

    public byte[] SignRefresh(ReadOnlySpan<byte> signed) => HMACSHA256.HashData(_refreshSecret, signed);

    private byte[] Derive(string purpose) =>
        HKDF.Expand(HashAlgorithmName.SHA256, Secret, 32, Encoding.ASCII.GetBytes(purpose));

    private string HeaderText(string type) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"HS256","typ":"{{type}}","kid":"{{Id}}"}"""));
}
