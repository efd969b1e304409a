using Parley.Contract;

namespace Parley.Server.Accounts;

/// <summary>
/// Is told, after the commit and on every node, which sessions ended; closes their connections within 2 s. May be told
/// twice. It enqueues and returns: it must not wait, and must not throw. Rule AU-4.
/// </summary>
internal interface ISessionEnd
{
    /// <summary>One device was revoked or signed out.</summary>
    void DeviceEnded(DeviceId device);

    /// <summary>All devices of the account ended.</summary>
    void AccountEnded(AccountId account);
}
