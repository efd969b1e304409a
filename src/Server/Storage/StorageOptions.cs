using System.ComponentModel.DataAnnotations;

namespace Parley.Server.Storage;

/// <summary>Where everything is kept. Section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary>Folder of the embedded database and of keys. Relative to the working directory.</summary>
    [Required] public string DataFolder { get; init; } = ".data";

    /// <summary>A PostgreSQL connection string; empty means embedded SQLite in <see cref="DataFolder"/>.</summary>
    public string? Postgres { get; init; }

    /// <summary>Connections to PostgreSQL at the most; further work waits. Count.</summary>
    [Range(2, 500)] public int PostgresConnectionsMax { get; init; } = 20;

    /// <summary>Connections that read the embedded database at the same time. Count.</summary>
    [Range(1, 64)] public int SqliteReadersMax { get; init; } = 4;

    /// <summary>How long a write waits for a database locked by another program. Seconds.</summary>
    [Range(1, 60)] public int BusySeconds { get; init; } = 5;

    /// <summary>Beyond this the writer itself empties the write-ahead log. Megabytes.</summary>
    [Range(16, 4096)] public int WalMegabytesMax { get; init; } = 256;

    /// <summary>Start even if a commit may be lost in a power cut. For tests and throw-away data only.</summary>
    public bool AllowWeakDurability { get; init; }
}
