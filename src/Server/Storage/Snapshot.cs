using System.Data.Common;
using Dapper;

namespace Parley.Server.Storage;

/// <summary>One consistent view of the database, for reading.</summary>
internal class Snapshot(DbConnection connection, DbTransaction? transaction, IDatabase database, CancellationToken cancel)
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

    protected CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, Underlying, cancellationToken: Cancel);
}
