using Npgsql;

namespace Parley.Servers;

/// <summary>One database of a test server; dropped when disposed.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresServer server;

    internal PostgresDatabase(PostgresServer server, string name)
    {
        this.server = server;
        Name = name;
    }

    public string Name { get; }

    public string ConnectionString => server.ConnectionString(Name);

    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await server.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)", CancellationToken.None);
    }
}
