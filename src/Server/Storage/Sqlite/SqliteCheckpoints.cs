using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// Moves committed pages from the write-ahead log into the database, off the writer's path, and keeps the log short. A
/// log that is overwritten from its start flushes twice as fast as one that grows, but it starts over only when nothing
/// is left in it: so after the bulk was moved here, the writer moves the few pages that came meanwhile.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    /// <summary>Changed rows after which the bulk is moved. Some 8 to 16 MB of log.</summary>
    private const int RowsToMove = 2_000;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly SqliteConnection _connection;
    private readonly ILogger _log;
    private readonly FileInfo _wal;
    private readonly long _bytesMax;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private int _rows;
    private int _rowsMoved;
    private volatile bool _isRestMissing;

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
        Volatile.Write(ref _rows, raw.sqlite3_total_changes(writer.Handle));
        if (!_isRestMissing)
            return;

        _isRestMissing = false;
        _wal.Refresh();
        // Somebody reads from an old snapshot for very long: wait for him rather than fill the disk.
        Checkpoint(writer, _wal.Exists && _wal.Length > _bytesMax ? "TRUNCATE" : "PASSIVE");
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
            var rows = Volatile.Read(ref _rows);
            if (rows - _rowsMoved > RowsToMove)
            {
                _rowsMoved = rows;
                Checkpoint(_connection, "PASSIVE");
                _isRestMissing = true;
            }
        }
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
