using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// Begin, commit, roll back, prepared once. ADO.NET's transaction object does not know that SQLite rolls back by itself
/// when the disk is full, and would leave the connection with a transaction that is not there.
/// </summary>
internal sealed class SqliteBrackets(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly RawStatement _commit = new(connection, "COMMIT");
    private readonly RawStatement _rollBack = new(connection, "ROLLBACK");

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    public void RollBack()
    {
        var hasNone = raw.sqlite3_get_autocommit(connection.Handle) != 0;
        if (!hasNone)
            _rollBack.Execute();
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollBack.Dispose();
    }
}
