namespace Parley.Server.Presence;

/// <summary>What this node's memory knows of a person.</summary>
/// <param name="IsPresent">Connected, or was less than 30 s ago.</param>
/// <param name="SeenAt">When last seen; null when the database knows it as well.</param>
internal sealed record Sight(bool IsPresent, DateTimeOffset? SeenAt);
