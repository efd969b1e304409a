using Parley.Contract;

namespace Parley.Server.Accounts;

/// <summary>Sessions of one account, or one of them, ended or have another role now.</summary>
internal sealed class SessionChange
{
    public SessionChange()
    {
    }

    public SessionChange(long seq, AccountId accountId, DeviceId? deviceId, bool isEnd) =>
        (Seq, AccountId, DeviceId, IsEnd) = (seq, accountId, deviceId, isEnd);

    public long Seq { get; init; }

    public AccountId AccountId { get; init; }

    /// <summary>Null: all devices of the account.</summary>
    public DeviceId? DeviceId { get; init; }

    public bool IsEnd { get; init; }
}
