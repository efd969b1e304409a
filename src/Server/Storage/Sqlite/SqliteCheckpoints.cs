using Microsoft.Data.Sqlite;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// Moves committed pages from the write-ahead log into the database, off the writer's path, and bounds the log: a
/// passive checkpoint never resets a log that is always in use, so beyond the bound the writer empties it itself.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    private const long PassiveBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly SqliteConnection _connection;
    private readonly ILogger _log;
    private readonly FileInfo _wal;
    private readonly long _bytesMax;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    public SqliteCheckpoints(SqliteConnection connection, int megabytesMax, ILogger log)
    {
        _connection = connection;
        _log = log;
        _wal = new(connection.DataSource + "-wal");
        _bytesMax = megabytesMax * 1024L * 1024;
        _thread = new(Run) { Name = "sqlite-checkpoints", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer between two transactions.</summary>
    public void AfterCommit(SqliteConnection writer)
    {
        if (WalBytes() > _bytesMax)
            Checkpoint(writer, "TRUNCATE");
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        Checkpoint(_connection, "TRUNCATE");
        _connection.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(Pace))
        {
            if (WalBytes() > PassiveBytes)
                Checkpoint(_connection, "PASSIVE");
        }
    }

    private long WalBytes()
    {
        _wal.Refresh();
        return _wal.Exists ? _wal.Length : 0;
    }

    private void Checkpoint(SqliteConnection connection, string mode)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA wal_checkpoint({mode})";
            command.ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            // The log keeps every commit until a later checkpoint succeeds: nothing is lost, only longer.
            Log.CheckpointFailed(_log, mode, error);
        }
    }
}
