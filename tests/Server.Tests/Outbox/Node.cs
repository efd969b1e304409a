using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Parley.Server.Expiry;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Outbox;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Outbox;

/// <summary>
/// One process with an outbox and the sweep, on the database of a world. Forgetting it is killing it.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Node(ServiceProvider services) => _services = services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Has a world go by the same clock.</summary>
    public static Action<IServiceCollection> Uses(FakeClock clock) =>
        services => services.AddSingleton<TimeProvider>(clock);

    public static Node Of(EngineWorld world, FakeClock clock, params IOutboxHandler[] handlers) =>
        Of(world.Database, world.Fanout, clock, [], handlers);

    public static Node Of(
        IDatabase database,
        IFanout fanout,
        FakeClock clock,
        Dictionary<string, string?> settings,
        params IOutboxHandler[] handlers)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IChance, EvenChance>()
            .AddSingleton(fanout)
            .AddSingleton(database)
            .AddJournal()
            .AddOutbox()
            .AddExpiry();
        foreach (var handler in handlers)
            services.AddSingleton(handler);

        return new(services.BuildServiceProvider());
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public OutboxWorker Worker => _services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
        .OfType<OutboxWorker>().Single();

    public Task<OutboxSummary> RunDueAsync() => Get<RunDueEntries>().RunAsync(Cancel);

    public Task<int> SweepAsync() => Get<SweepMessages>().RunAsync(Cancel);

    /// <summary>Writes an entry down, as a verb would in its own transaction.</summary>
    public Task AddAsync(string kind, string subject, DateTimeOffset? due = null) =>
        Get<IDatabase>().WriteAsync(async turn =>
        {
            await Get<OutboxEntries>().AddAsync(
                turn, kind, subject, new { subject }, due ?? Get<TimeProvider>().GetUtcNow());
            return true;
        }, Cancel);

    public async Task<WaitingEntry?> FindAsync(string subject) =>
        (await Get<ListEntries>().RunAsync(1_000, Cancel)).SingleOrDefault(entry => entry.Subject == subject);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Always in the middle.</summary>
    private sealed class EvenChance : IChance
    {
        public Guid NewId(DateTimeOffset now) => Guid.CreateVersion7(now);

        public double NextDouble() => 0.5;
    }
}
