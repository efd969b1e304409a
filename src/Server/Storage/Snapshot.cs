using System.Collections;
using System.Data.Common;
using Dapper;
using Parley.Contract;

namespace Parley.Server.Storage;

/// <summary>One consistent view of the database, for reading.</summary>
internal class Snapshot(
    DbConnection connection, DbTransaction? transaction, IDatabase database, CancellationToken cancel)
{
    public DbConnection Connection { get; } = connection;

    public DbTransaction? Underlying { get; } = transaction;

    public IDatabase Database { get; } = database;

    public CancellationToken Cancel { get; } = cancel;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        Connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    public Task<T> SingleAsync<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleAsync<T>(Command(sql, parameters));

    /// <summary>How a column is compared with a list in this database: <c>WHERE id {view.In("ids")}</c>.</summary>
    public string In(string parameter) => Database.Kind == "postgres" ? $"= ANY (@{parameter})" : $"IN @{parameter}";

    /// <summary>A list of ids as the parameter for <see cref="In"/>.</summary>
    public IEnumerable Ids<TId>(IEnumerable<TId> ids) where TId : struct, IId<TId> => Database.Kind == "postgres"
        ? ids.Select(id => id.Value).ToArray()
        : ids.Select(id => id.Value.ToBytes()).ToList();

    protected CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, Underlying, cancellationToken: Cancel);
}
