namespace Parley.Contract;

/// <summary>Asks for tokens with a password. Refusals: wrongCredentials, lockedOut, tooManyRequests.</summary>
/// <param name="Handle">The person's handle, any case.</param>
/// <param name="Password">The password.</param>
/// <param name="DeviceName">What to call this device in the list of devices; 1 to 100 characters.</param>
public sealed record SignInRequest(string Handle, string Password, string DeviceName);

/// <summary>Tokens of one device. Rule AU-2, AU-3.</summary>
/// <param name="AccessToken">Bearer token (JWT) for HTTP; lives 15 minutes.</param>
/// <param name="AccessTokenSeconds">Seconds the access token lives from now.</param>
/// <param name="RefreshToken">
/// Opaque, single use; the next refresh answers another. Lives 30 days; the session as a whole 90 days from sign-in.
/// </param>
/// <param name="DeviceId">This device.</param>
/// <param name="Me">The person signed in.</param>
public sealed record SignedIn(
    string AccessToken, int AccessTokenSeconds, string RefreshToken, DeviceId DeviceId, Person Me);

/// <summary>Trades a refresh token for new tokens. Refusals: unauthenticated (unknown, expired, revoked or
/// replayed).</summary>
public sealed record RefreshRequest(string RefreshToken);

/// <summary>A ticket that opens the hub once. Lives 30 seconds. Rule AU-5.</summary>
public sealed record LiveTicket(string Ticket, int Seconds);

/// <summary>One signed-in device of the caller.</summary>
/// <param name="Id">The device.</param>
/// <param name="Name">As given at sign-in.</param>
/// <param name="SignedInAt">First sign-in, server time.</param>
/// <param name="LastSeenAt">Last refresh or connection, server time.</param>
/// <param name="IsThisOne">Whether the request came from it.</param>
public sealed record Device(
    DeviceId Id, string Name, DateTimeOffset SignedInAt, DateTimeOffset LastSeenAt, bool IsThisOne);

/// <summary>The caller's signed-in devices, newest first.</summary>
public sealed record Devices(IReadOnlyList<Device> Items);

/// <summary>Changes one's own password; every other device is signed out. Refusals: wrongCredentials,
/// weakPassword.</summary>
public sealed record ChangePasswordRequest(string CurrentPassword, string NewPassword);

/// <summary>Sets a password with a one-time link. Refusals: linkExpired, weakPassword.</summary>
public sealed record UseResetLinkRequest(string Token, string NewPassword);

/// <summary>A one-time link an administrator hands to a person. Lives 24 hours; a new one voids the old.</summary>
/// <param name="Token">The secret for <see cref="UseResetLinkRequest"/>.</param>
/// <param name="ExpiresAt">Server time.</param>
public sealed record ResetLink(string Token, DateTimeOffset ExpiresAt);

/// <summary>The caller, as others see them, and what only the caller sees.</summary>
/// <param name="Person">The caller's own profile.</param>
/// <param name="Settings">Privacy and presence.</param>
/// <param name="DeviceId">The device the request came from.</param>
public sealed record MyAccount(Person Person, AccountSettings Settings, DeviceId DeviceId);

/// <summary>Creates an account (administrators). Refusals: alreadyExists, invalid, forbidden.</summary>
/// <param name="Handle">2 to 40 of <c>a-z 0-9 . _ -</c>, starts with a letter or digit.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Role">Role in the organisation.</param>
/// <param name="Attributes">Only keys the organisation configured; values of 1 to 200 characters. Null: none.</param>
public sealed record CreateAccountRequest(
    string Handle, string Name, Role Role, IReadOnlyDictionary<string, string>? Attributes);

/// <summary>The new account, and the link with which the person chooses a password.</summary>
public sealed record AccountCreated(Person Person, ResetLink Link);

/// <summary>
/// Changes an account's role (administrators). Refusals: notFound, forbidden (also for the last administrator).
/// </summary>
/// <param name="Role">The new role; holds from the next request on.</param>
public sealed record ChangeRoleRequest(Role Role);

/// <summary>
/// Changes an account's profile (administrators); members left out stay. Refusals: notFound, forbidden, invalid.
/// </summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Attributes">
/// Replaces all attributes. Only keys the organisation configured; values of 1 to 200 characters.
/// </param>
public sealed record ChangeProfileRequest(string? Name, IReadOnlyDictionary<string, string>? Attributes);

/// <summary>
/// The organisation's profile attributes. Setting them (administrators) replaces the list; the values of a key that is
/// no longer in it are removed from every account. Refusals: forbidden, invalid.
/// </summary>
/// <param name="Items">In display order; keys are unique; at most 50.</param>
public sealed record AttributeDefinitions(IReadOnlyList<AttributeDefinition> Items);

/// <summary>One profile attribute: a stable key (<c>a-z 0-9 -</c>, up to 40) and the label people see (up to
/// 100).</summary>
public sealed record AttributeDefinition(string Key, string Label);
