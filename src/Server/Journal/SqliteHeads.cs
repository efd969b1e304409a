using Microsoft.Data.Sqlite;
using Parley.Contract;
using Parley.Server.Storage.Sqlite;

namespace Parley.Server.Journal;

/// <summary>Reads conversation rows with a prepared statement, for the batches on SQLite's writer.</summary>
internal sealed class SqliteHeads(SqliteConnection connection) : IDisposable
{
    private readonly RawStatement _find = new(connection, """
        SELECT kind, name, history, created_at, archived_at, member_count,
               head_seq, head_number, receipt_seq, roster_version, changed_seq
        FROM conversation
        WHERE id = ?1
        """);

    public ConversationRow? Find(ConversationId id)
    {
        _find.Bind(1, id.Value);
        var found = _find.Step()
            ? new ConversationRow(
                id,
                Enum.Parse<ConversationKind>(_find.Text(0), ignoreCase: true),
                _find.IsNull(1) ? null : _find.Text(1),
                Enum.Parse<HistoryPolicy>(_find.Text(2), ignoreCase: true),
                _find.Instant(3)!.Value, // the column is NOT NULL
                _find.Instant(4),
                _find.Long(5),
                _find.Long(6),
                _find.Long(7),
                _find.Long(8),
                _find.Long(9),
                _find.Long(10))
            : null;
        _find.Reset();
        return found;
    }

    public void Dispose() => _find.Dispose();
}
