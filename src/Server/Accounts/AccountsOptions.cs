using System.ComponentModel.DataAnnotations;

namespace Parley.Server.Accounts;

/// <summary>Accounts and sessions. Section <c>Accounts</c>.</summary>
internal sealed class AccountsOptions
{
    /// <summary>
    /// File of the signing keys. Empty: <c>keys/signing.json</c> in the data folder, made at the first start. Several
    /// nodes need the same file.
    /// </summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>Cost of hashing one password (PBKDF2, HMAC-SHA-512). Iterations; about 0.25 ms per thousand.</summary>
    [Range(100_000, 5_000_000)] public int PasswordIterations { get; init; } = 210_000;

    /// <summary>Passwords hashed at the same time; 0 means half of the cores. Count.</summary>
    [Range(0, 64)] public int HashesAtOnce { get; init; }

    /// <summary>Sign-ins that may wait for their turn to hash; further ones are refused as overloaded. Count.</summary>
    [Range(1, 10_000)] public int HashQueueMax { get; init; } = 64;
}
