using System.Globalization;

namespace Parley.Load.Subject;

/// <summary>What both databases are asked alike.</summary>
internal static class StoreQueries
{
    public static async Task ExecuteAsync(this IStore store, string sql, CancellationToken cancel) =>
        await store.ScalarAsync(sql, cancel);

    /// <summary>Messages on disk, each counted once: its id is unique there.</summary>
    public static async Task<long> MessagesAsync(this IStore store, CancellationToken cancel) =>
        Convert.ToInt64(await store.ScalarAsync("SELECT count(*) FROM message", cancel), CultureInfo.InvariantCulture);

    private static async Task<object?> ScalarAsync(this IStore store, string sql, CancellationToken cancel)
    {
        await using var connection = await store.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancel);
    }
}
