using Parley.Contract;

namespace Parley.Server.Presence;

/// <summary>How people appear to each other. Facts in, answer out.</summary>
internal static class PresenceRules
{
    /// <summary>One person as another may see them (rule PR-4).</summary>
    public static Contract.Presence AsSeenBy(PresenceRow viewer, PresenceRow person, Sight sight, DateTimeOffset now)
    {
        var state = StateOf(person.Presence, sight.IsPresent && person.IsActive);
        var showsLastSeen = state == PresenceState.Offline && viewer.ShowsLastSeen == 1 && person.ShowsLastSeen == 1;
        return new(person.Id, state, showsLastSeen ? LastSeen(person, sight, now) : null);
    }

    public static PresenceState StateOf(PresenceChoice choice, bool isPresent) => (isPresent, choice) switch
    {
        (false, _) or (_, PresenceChoice.Invisible) => PresenceState.Offline,
        (_, PresenceChoice.Away) => PresenceState.Away,
        (_, PresenceChoice.Busy) => PresenceState.Busy,
        _ => PresenceState.Online,
    };

    /// <summary>
    /// Whether others see somebody differently after a change of settings. What they cannot see they are not told of:
    /// a frame that says the same as before would still say that the person is there.
    /// </summary>
    public static bool IsSeen(AccountSettings before, AccountSettings after, bool isPresent)
    {
        var (was, becomes) = (StateOf(before.Presence, isPresent), StateOf(after.Presence, isPresent));
        return was != becomes
            || (becomes == PresenceState.Offline && before.ShowsLastSeen != after.ShowsLastSeen);
    }

    /// <summary>
    /// Never in the future. Of an invisible person it stands where it stood when they chose so: memory, which knows
    /// better, is not asked.
    /// </summary>
    private static DateTimeOffset? LastSeen(PresenceRow person, Sight sight, DateTimeOffset now)
    {
        var seenAt = person.LastSeenAt;
        if (!person.IsInvisible && sight.SeenAt is { } unsaved && (seenAt is null || unsaved > seenAt))
            seenAt = unsaved;

        return seenAt > now ? now : seenAt;
    }
}
