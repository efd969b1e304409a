using Parley.Load.Figures;

namespace Parley.Load.Subject;

/// <summary>A server under test on a filled database, everything of it in a folder that goes away.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly Plan _plan;
    private readonly string _folder;
    private AccessTokens? _tokens;

    private Bench(Plan plan, Population population, string folder, IStore store)
    {
        _plan = plan;
        _folder = folder;
        Population = population;
        Store = store;
        Server = Start();
    }

    public Population Population { get; }

    public IStore Store { get; }

    public ServerProcess Server { get; private set; }

    /// <summary>Lets the server make its schema and keys, fills the database, and starts the server on it.</summary>
    public static async Task<Bench> PrepareAsync(Plan plan, Population population, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("parley-bench-").FullName;
        IStore store = plan.Store == "postgres" ? await PostgresStore.StartAsync(cancel) : new SqliteStore(folder);
        var bench = new Bench(plan, population, folder, store);
        try
        {
            await bench.Server.WaitUntilReadyAsync(cancel);
            await bench.Server.StopAsync();
            await new Seed(store, population).RunAsync(cancel);
            bench.StartAgain();
            await bench.Server.WaitUntilReadyAsync(cancel);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    public string AccessToken(int person) =>
        (_tokens ??= AccessTokens.Of(Path.Combine(_folder, "data"))).For(Population.People[person]);

    public Meter Meter() => new(Server.Id, Store.ProcessId);

    /// <summary>Starts another server process on the same data; the one before must have ended.</summary>
    public void StartAgain() => Server = Start();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ServerProcess Start() =>
        ServerProcess.Start(_plan.Server, _folder, ServerSettings.All.Concat(Store.Settings).ToDictionary());
}
