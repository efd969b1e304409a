using Parley.Servers;

namespace Parley.Server.Tests.Engine;

/// <summary>The databases every test of the engine runs on, both real.</summary>
public static class Databases
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>A fresh, empty database, as settings of the server.</summary>
    internal static async Task<Dictionary<string, string?>> SettingsAsync(
        string kind, string folder, CancellationToken cancel)
    {
        var settings = new Dictionary<string, string?> { ["Storage:DataFolder"] = folder };
        if (kind == Postgres)
        {
            var database = await (await PostgresServer.SharedAsync()).CreateAsync(cancel);
            settings["Storage:Postgres"] = database.ConnectionString;
            settings["Storage:AllowWeakDurability"] = "true";
        }

        return settings;
    }
}
