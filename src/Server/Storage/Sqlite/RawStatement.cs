using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// A statement prepared once on the writer's connection and run many times. ADO.NET prepares and boxes each time, which
/// is most of the cost of a small insert. Parameters and columns count from 1 and 0, as in SQLite itself.
/// </summary>
internal sealed class RawStatement : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly sqlite3_stmt _statement;

    public RawStatement(SqliteConnection connection, string sql)
    {
        _handle = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public RawStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public RawStatement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(_statement, index, bytes));
        return this;
    }

    public RawStatement Bind(int index, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    /// <summary>Runs to the next row; false at the end.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;

        if (result == raw.SQLITE_DONE)
            return false;

        raw.sqlite3_reset(_statement);
        throw Error(result);
    }

    /// <summary>Makes it ready for the next run. Locks and memory of this run are let go.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Runs a statement that answers no rows.</summary>
    public void Execute()
    {
        Step();
        Reset();
    }

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public Guid Guid(int column) => new(raw.sqlite3_column_blob(_statement, column), bigEndian: true);

    /// <summary>Milliseconds since 1970; null where the column is.</summary>
    public DateTimeOffset? Instant(int column) =>
        IsNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Error(result);
    }

    private SqliteException Error(int result) => new(
        raw.sqlite3_errmsg(_handle).utf8_to_string(), result & 0xFF, raw.sqlite3_extended_errcode(_handle));
}
