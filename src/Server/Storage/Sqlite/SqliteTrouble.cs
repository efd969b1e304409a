using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Parley.Server.Storage.Sqlite;

/// <summary>Which of SQLite's errors are the machine's trouble and not a bug.</summary>
internal static class SqliteTrouble
{
    public static StorageTrouble? Of(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => StorageTrouble.Full(error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StorageTrouble.Busy(error),
        // Growing the WAL's shared index on a full disk reads as an I/O error of that file, not as "full".
        raw.SQLITE_IOERR when error.SqliteExtendedErrorCode is raw.SQLITE_IOERR_SHMSIZE or raw.SQLITE_IOERR_WRITE =>
            StorageTrouble.Full(error),
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN => StorageTrouble.Busy(error),
        _ => null,
    };
}
