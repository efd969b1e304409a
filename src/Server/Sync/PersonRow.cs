using Parley.Contract;

namespace Parley.Server.Sync;

/// <summary>The columns of an account that others may know.</summary>
internal sealed record PersonRow(
    AccountId Id,
    string Handle,
    string Name,
    Role Role,
    IReadOnlyDictionary<string, string> Attributes,
    DateTimeOffset? DeactivatedAt)
{
    public const string Columns = "a.id, a.handle, a.name, a.role, a.attributes, a.deactivated_at";

    public Person ToWire() => new(Id, Handle, Name, Role, Attributes, DeactivatedAt is null);
}
