using Parley.Contract;

namespace Parley.Server.Accounts;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Account {Account} signed in as device {Device}")]
    public static partial void SignedIn(ILogger logger, AccountId account, DeviceId device);

    [LoggerMessage(LogLevel.Information, "Device {Device} of account {Account} was signed out")]
    public static partial void SignedOut(ILogger logger, AccountId account, DeviceId device);

    [LoggerMessage(LogLevel.Information, "A sign-in failed; account {Account}")]
    public static partial void SignInFailed(ILogger logger, AccountId? account);

    [LoggerMessage(LogLevel.Warning, "A sign-in was refused: its handle is locked after too many failures")]
    public static partial void LockedOut(ILogger logger);

    [LoggerMessage(
        LogLevel.Warning, "A used refresh token came again: device {Device} of account {Account} is revoked")]
    public static partial void RefreshReplayed(ILogger logger, AccountId account, DeviceId device);

    [LoggerMessage(LogLevel.Information, "Account {Account} set a password by its reset link")]
    public static partial void PasswordReset(ILogger logger, AccountId account);

    [LoggerMessage(LogLevel.Information, "Account {Account} was created by {By}")]
    public static partial void AccountCreated(ILogger logger, AccountId account, AccountId by);

    [LoggerMessage(LogLevel.Information, "Account {Account} was deactivated by {By}")]
    public static partial void Deactivated(ILogger logger, AccountId account, AccountId by);

    [LoggerMessage(LogLevel.Information, "Account {Account} was reactivated by {By}")]
    public static partial void Reactivated(ILogger logger, AccountId account, AccountId by);

    [LoggerMessage(LogLevel.Information, "Account {Account} became {Role}, by {By}")]
    public static partial void RoleChanged(ILogger logger, AccountId account, Role role, AccountId by);

    [LoggerMessage(LogLevel.Information, "A reset link for account {Account} was made by {By}")]
    public static partial void ResetLinkMade(ILogger logger, AccountId account, AccountId by);

    [LoggerMessage(
        LogLevel.Warning, "What happens to sessions cannot be read; each is asked of the database until it can")]
    public static partial void SessionWatchFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "Tokens are signed with key {Key}, one of {Count}")]
    public static partial void KeysReady(ILogger logger, string key, int count);

    [LoggerMessage(LogLevel.Warning, "The signing key file cannot be read; the keys known so far stay in use")]
    public static partial void KeysUnreadable(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "The signing key file is readable by others than its user: take that right away")]
    public static partial void KeysReadableByOthers(ILogger logger);
}
