using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>A device's session. Secret.</summary>
/// <param name="AccessToken">For HTTP. Rule AU-2.</param>
/// <param name="ExpiresAt">When the access token ends, by this device's clock.</param>
/// <param name="RefreshToken">For the next tokens; single use. Rule AU-3.</param>
/// <param name="DeviceId">This device.</param>
/// <param name="Me">The person signed in.</param>
public sealed record StoredTokens(
    string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, DeviceId DeviceId, Person Me);
