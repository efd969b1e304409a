using Parley.Contract;

namespace Parley.Server.Accounts;

/// <summary>A device as it is stored: one session, from sign-in to its end.</summary>
internal sealed class StoredDevice
{
    public DeviceId Id { get; init; }

    public AccountId AccountId { get; init; }

    public required string Name { get; init; }

    public DateTimeOffset SignedInAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public required byte[] RefreshNonce { get; init; }

    public long RefreshGeneration { get; init; }

    public DateTimeOffset RefreshedAt { get; init; }

    public bool IsAlive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}
