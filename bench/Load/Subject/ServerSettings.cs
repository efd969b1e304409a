namespace Parley.Load.Subject;

/// <summary>
/// What the bench sets differently from the defaults: only what would stop a load that no crowd of people makes.
/// Durability stays as it is.
/// </summary>
internal static class ServerSettings
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["RateLimits__IsOff"] = "true",
    };
}
