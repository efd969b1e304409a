using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>What an account may do in the organisation. Requirement SEC-03.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Role>))]
public enum Role
{
    /// <summary>Students, clients: see the people they share a conversation with, and staff.</summary>
    Member,

    /// <summary>Staff: see everybody, start groups.</summary>
    Staff,

    /// <summary>Everything staff may, and administration.</summary>
    Administrator,
}

/// <summary>What others may know of a person.</summary>
/// <param name="Id">The account.</param>
/// <param name="Handle">Unique in the organisation; lower case; 2 to 40 of <c>a-z 0-9 . _ -</c>.</param>
/// <param name="Name">Display name, 1 to 100 characters.</param>
/// <param name="Role">Role in the organisation.</param>
/// <param name="Attributes">Profile attributes the organisation configured (roll id, class …), by key. Never
/// null.</param>
/// <param name="IsActive">False once an administrator deactivated the account.</param>
public sealed record Person(
    AccountId Id,
    string Handle,
    string Name,
    Role Role,
    IReadOnlyDictionary<string, string> Attributes,
    bool IsActive);

/// <summary>A page of people in handle order.</summary>
/// <param name="Items">At most the asked count.</param>
/// <param name="NextCursor">Pass as <c>after</c> for the next page; null at the end.</param>
public sealed record PeoplePage(IReadOnlyList<Person> Items, string? NextCursor);

/// <summary>Names people to look up. At most <see cref="Limits.PeopleLookupMax"/> ids; those you may not see are left
/// out.</summary>
public sealed record GetPeopleRequest(IReadOnlyList<AccountId> Ids);

/// <summary>The people found, in no particular order.</summary>
public sealed record People(IReadOnlyList<Person> Items);

/// <summary>What a person chose about privacy and presence. Changes travel on the account stream.</summary>
/// <param name="Presence">How the person wants to appear.</param>
/// <param name="ShowsLastSeen">Whether others see when the person was last here. Who hides it does not see others'
/// either.</param>
/// <param name="SendsReadReceipts">Whether others learn what the person has read. Who hides it does not see others'
/// either.</param>
public sealed record AccountSettings(PresenceChoice Presence, bool ShowsLastSeen, bool SendsReadReceipts);

/// <summary>How a person wants to appear. Requirement PR-07, PR-10.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PresenceChoice>))]
public enum PresenceChoice
{
    /// <summary>Online while connected.</summary>
    Auto,

    /// <summary>Connected, but away.</summary>
    Away,

    /// <summary>Connected, but not to be disturbed.</summary>
    Busy,

    /// <summary>Appears offline to everybody.</summary>
    Invisible,
}
