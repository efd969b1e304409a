using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Parley.Client.Connecting;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Receipts;
using Parley.Server.Storage;
using Parley.Server.Storage.Sqlite;
using Parley.Server.Sync;
using Parley.Server.Typing;
using Parley.Simulation.Clocks;
using Parley.Simulation.Play;

namespace Parley.Simulation.Servers;

/// <summary>
/// One life of the server, from its start to its crash: the real rooms on the world's one file. Its code runs only
/// through <see cref="Do"/>, which knows whether it still lives and whether it is stopped.
/// </summary>
internal sealed class SimulatedServer : IDisposable
{
    private readonly ServerContext _context;
    private readonly ActorClock _clock;
    private readonly ServiceProvider _services;
    private readonly ScheduledDatabase _database;
    private TimeSpan _stoppedUntil;

    public SimulatedServer(World world, string folder)
    {
        World = world;
        _context = new(action => world.Time.After(TimeSpan.Zero, () => Do(action)));
        _clock = new(world.Time, callback => Do(() => Settle(callback))) { Skew = world.ServerSkew };
        Lines = new(this);
        var options = Options.Create(new StorageOptions { DataFolder = folder });
        _database = new(new(options, NullLogger<SqliteDatabase>.Instance), this, world.Truth)
        {
            AnswersEarly = world.Bug?.AnswersEarly ?? false,
        };
        _services = Build();
        Typing = _services.GetRequiredService<TypingListener>();
        Beat();
    }

    public World World { get; }

    public Weather Weather => World.Weather;

    public Lines Lines { get; }

    public TypingListener Typing { get; }

    public bool IsDead { get; set; }

    public bool IsStopped => World.Time.Now < _stoppedUntil;

    public ActorClock Clock => _clock;

    public IDatabase Database => _database;

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public void After(TimeSpan delay, Action action) => World.Time.After(delay, () => Do(action));

    /// <summary>Runs the server's code now, or when it goes on after a stop, or never.</summary>
    public void Do(Action action)
    {
        if (IsDead)
            return;

        if (IsStopped)
            World.Time.After(_stoppedUntil - World.Time.Now, () => Do(action));
        else
            _context.Enter(action);
    }

    /// <summary>How often it was stopped.</summary>
    public int Stops { get; private set; }

    public void Stop(TimeSpan span)
    {
        Stops++;
        _stoppedUntil = World.Time.Now + span;
    }

    /// <summary>Runs a verb; what it answers leaves only if the server still lives.</summary>
    public async Task AnswerAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, Caller caller, Action<Reply<TReply>> answer)
        where TReply : class
    {
        World.Witness.Called(caller, request!); // No verb is asked with null.
        Reply<TReply> reply;
        try
        {
            reply = await verb.RunOn(World.Bug?.Hub(_services, caller) ?? new Hub(_services, caller), request);
        }
        catch (StorageTrouble trouble)
        {
            reply = new(null, trouble.Refusal);
        }

        if (IsDead)
            return;

        var road = caller.ConnectionId ?? "http";
        World.Trace($"{road} {verb.Name} of {caller.AccountId}", reply.Value ?? (object?)reply.Refusal);
        World.Witness.Answered(caller, request!, reply);
        answer(reply);
    }

    /// <summary>Dies where it stands. Its file stays, with what was committed.</summary>
    public void Crash(string how)
    {
        World.Trace($"server dies: {how}");
        IsDead = true;
        World.ServerDies();
        foreach (var link in Lines.Open)
            World.Time.After(Weather.Chance(0.8) ? TimeSpan.Zero : Weather.Between(0, 10), link.Break);

        // In the world's time: a dead server's code goes nowhere.
        World.Time.After(TimeSpan.Zero, () =>
        {
            Dispose();
            World.ServerDied();
        });
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose()
    {
        IsDead = true;
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IChance>(new SeededChance(new(World.NextSeed())))
            .AddSingleton(World.Bug?.Fanout(Lines) ?? Lines)
            .AddSingleton<IDatabase>(_database)
            .AddJournal()
            .AddMessages()
            .AddReceipts()
            .AddConversations()
            .AddSync()
            .AddTyping()
            .RemoveAll<IMessageSent>()
            .AddSingleton<TypingListener>()
            .AddSingleton<IMessageSent>(provider => provider.GetRequiredService<TypingListener>());
        World.Bug?.Configure(services);
        return services.BuildServiceProvider();
    }

    private void Settle(Action callback)
    {
        callback();
        Typing.Settle();
    }

    /// <summary>Heartbeats as Live sends them: everybody's, at most 25 s apart.</summary>
    private void Beat() => After(TimeSpan.FromSeconds(25), () =>
    {
        Beat();
        foreach (var account in Lines.Open.Select(link => link.Caller.AccountId).Distinct().ToList())
            _ = BeatAsync(account);
    });

    private async Task BeatAsync(AccountId account)
    {
        var heartbeat = await _services.GetRequiredService<Heads>().HeartbeatAsync(account, default);
        Lines.Publish(new(Wire.HeartbeatTarget, heartbeat, [account]));
    }
}
