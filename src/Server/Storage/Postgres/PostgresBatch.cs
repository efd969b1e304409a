using Npgsql;

namespace Parley.Server.Storage.Postgres;

/// <summary>Statements that travel together: one round trip, in order, inside the turn's transaction.</summary>
internal sealed class PostgresBatch(Transaction turn) : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch =
        new((NpgsqlConnection)turn.Connection, (NpgsqlTransaction?)turn.Underlying);

    public PostgresBatch Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);

        _batch.BatchCommands.Add(command);
        return this;
    }

    /// <summary>Runs questions; one result per statement.</summary>
    public Task<NpgsqlDataReader> AskAsync() => _batch.ExecuteReaderAsync(turn.Cancel);

    /// <summary>Runs writes.</summary>
    public Task WriteAsync() => _batch.ExecuteNonQueryAsync(turn.Cancel);

    /// <summary>Runs writes and the commit in the same round trip. The turn's last word: nothing is written after
    /// it.</summary>
    public async Task WriteAndCommitAsync()
    {
        _batch.BatchCommands.Add(new("COMMIT"));
        await _batch.ExecuteNonQueryAsync(turn.Cancel);
        turn.IsCommitted = true;
    }

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}
