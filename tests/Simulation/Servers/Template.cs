using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Parley.Server.Storage;
using Parley.Server.Storage.Sqlite;
using Parley.Simulation.Checks;

namespace Parley.Simulation.Servers;

/// <summary>
/// A migrated, empty database with the judges' triggers in it, made once and copied for each world. In memory where the
/// system has a place for that: a flush is then real and costs nothing.
/// </summary>
internal static class Template
{
    private const string Memory = "/dev/shm";

    private static readonly Lazy<string> Made = new(Make);

    /// <summary>A folder with a database of its own.</summary>
    public static string NewFolder(string? sql)
    {
        var folder = Create();
        File.Copy(Path.Combine(Made.Value, "parley.db"), Path.Combine(folder, "parley.db"));
        if (sql is not null)
            Run(folder, sql);
        return folder;
    }

    private static string Make()
    {
        var folder = Create();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Run(folder, Audit.Sql + "INSERT INTO meta (name, value) VALUES ('epoch', 'one');");
        return folder;
    }

    private static void Run(string folder, string sql)
    {
        var options = Options.Create(new StorageOptions { DataFolder = folder });
        var database = new SqliteDatabase(options, NullLogger<SqliteDatabase>.Instance);
        database.MigrateAsync(default).GetAwaiter().GetResult();
        database.WriteAsync(turn => turn.ExecuteAsync(sql), default).GetAwaiter().GetResult();
        database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static string Create()
    {
        var parent = Directory.Exists(Memory) ? Memory : Path.GetTempPath();
        var name = "parley-simulation-" + Guid.NewGuid().ToString("N");
        return Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
    }
}
