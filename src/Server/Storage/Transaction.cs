using System.Data.Common;
using Dapper;

namespace Parley.Server.Storage;

/// <summary>One write transaction. What must follow the commit, and only the commit, is said with
/// <see cref="AfterCommit"/>.</summary>
internal sealed class Transaction(
    DbConnection connection, DbTransaction? transaction, IDatabase database, CancellationToken cancel)
    : Snapshot(connection, transaction, database, cancel)
{
    private List<Action>? _effects;

    /// <summary>Set by the statement that brought the commit along.</summary>
    public bool IsCommitted { get; set; }

    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        Connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>
    /// Runs right after the commit, in the order said, before the caller gets its answer. Enqueues and returns: it must
    /// not wait, and must not throw.
    /// </summary>
    public void AfterCommit(Action effect) => (_effects ??= []).Add(effect);

    public void Committed()
    {
        if (_effects is null)
            return;

        foreach (var effect in _effects)
            effect();
    }
}
