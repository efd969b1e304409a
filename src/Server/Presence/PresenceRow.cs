using Parley.Contract;

namespace Parley.Server.Presence;

/// <summary>What decides how somebody appears, and what somebody may see.</summary>
internal sealed record PresenceRow(
    AccountId Id,
    Role Role,
    PresenceChoice Presence,
    long ShowsLastSeen,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? DeactivatedAt)
{
    public bool IsActive => DeactivatedAt is null;

    public bool IsInvisible => Presence == PresenceChoice.Invisible;

    public bool SeesEverybody => IsActive && Role is Role.Staff or Role.Administrator;
}
