using Parley.Contract;

namespace Parley.Server.Accounts;

/// <summary>An account as it is stored.</summary>
internal sealed class Account
{
    public AccountId Id { get; init; }

    public required string Handle { get; init; }

    public required string Name { get; init; }

    public Role Role { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>Null until the person chose a password.</summary>
    public string? PasswordHash { get; init; }

    public DateTimeOffset? DeactivatedAt { get; init; }

    public PresenceChoice Presence { get; init; }

    public bool ShowsLastSeen { get; init; }

    public bool SendsReadReceipts { get; init; }

    public bool IsActive => DeactivatedAt is null;

    public Person ToPerson() => new(Id, Handle, Name, Role, Attributes, IsActive);

    public AccountSettings ToSettings() => new(Presence, ShowsLastSeen, SendsReadReceipts);
}
