using Microsoft.Extensions.Options;
using Parley.Server.Storage.Postgres;
using Parley.Server.Storage.Sqlite;

namespace Parley.Server.Storage;

// Storage keeps what was said. It opens connections, runs transactions, applies the numbered scripts, and refuses to
// start where a commit could be lost. It knows no conversation and no message: the SQL of a slice lives with the slice.
// It never answers a commit before the database has flushed it.
internal static class StorageModule
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration("Storage").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IDatabase>(provider =>
            string.IsNullOrWhiteSpace(provider.GetRequiredService<IOptions<StorageOptions>>().Value.Postgres)
                ? ActivatorUtilities.CreateInstance<SqliteDatabase>(provider)
                : ActivatorUtilities.CreateInstance<PostgresDatabase>(provider));
        return services;
    }

    /// <summary>Migrates, then judges what the database promises. Called before the first door opens.</summary>
    public static async Task StartStorageAsync(this IServiceProvider services, CancellationToken cancel)
    {
        var database = services.GetRequiredService<IDatabase>();
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Parley.Server.Storage");
        await database.MigrateAsync(cancel);
        var facts = await database.FactsAsync(cancel);
        Log.Started(log, facts.Kind, facts.Version, facts.SchemaVersion, facts.Durability);
        if (facts.IsDurable)
            return;

        if (!options.AllowWeakDurability)
        {
            throw new InvalidOperationException(
                $"The database may lose acknowledged messages in a power cut ({facts.Durability}). "
                + "Turn its flushes on, or set Storage__AllowWeakDurability=true if the data does not matter.");
        }

        Log.WeakDurability(log, facts.Durability);
    }
}
