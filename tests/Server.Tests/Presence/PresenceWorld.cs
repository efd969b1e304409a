using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Presence;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Presence;

/// <summary>Two who share a group and one who does not, on a real database, with time in the test's hand.</summary>
internal sealed class PresenceWorld : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private PresenceWorld(EngineWorld engine, FakeClock clock) => (Engine, Clock) = (engine, clock);

    public EngineWorld Engine { get; }

    public FakeClock Clock { get; }

    public Caller Owner { get; private set; } = null!; // set by StartAsync, as the next ones

    public Caller Anna { get; private set; } = null!;

    public Caller Ben { get; private set; } = null!;

    public Caller Stranger { get; private set; } = null!;

    public ConversationId Group { get; private set; }

    public PresenceTracker Tracker => Engine.Get<PresenceTracker>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PresenceWorld> StartAsync(string database = Databases.Sqlite)
    {
        var clock = new FakeClock();
        var engine = await EngineWorld.StartAsync(
            database, services => services.AddSingleton<TimeProvider>(clock).AddPresence());
        var world = new PresenceWorld(engine, clock)
        {
            Owner = await engine.PersonAsync(),
            Anna = await engine.PersonAsync(Role.Member),
            Ben = await engine.PersonAsync(Role.Member),
            Stranger = await engine.PersonAsync(Role.Member),
        };
        world.Group = (await engine.GroupAsync(world.Owner, [world.Anna, world.Ben])).Conversation.Id;
        return world;
    }

    /// <summary>Connects, and looks at somebody if one is named.</summary>
    public async Task ConnectAsync(Caller caller, params Caller[] looksAt)
    {
        Tracker.Connected(caller.AccountId, caller.ConnectionId!); // PersonAsync gives one
        if (looksAt.Length > 0)
            await WatchAsync(caller, looksAt);
    }

    public void Disconnect(Caller caller, TimeSpan silentFor = default) =>
        Tracker.Disconnected(caller.AccountId, caller.ConnectionId!, silentFor); // PersonAsync gives one

    public async Task<IReadOnlyList<Contract.Presence>> WatchAsync(Caller caller, params Caller[] people) =>
        EngineWorld.Expect(await Engine.Get<WatchPresence>().RunAsync(
            caller, new([.. people.Select(person => person.AccountId)]), Cancel)).Items;

    /// <summary>How a person would appear to somebody who asks now.</summary>
    public async Task<Contract.Presence> SeenByAsync(Caller viewer, Caller person) =>
        Assert.Single(await WatchAsync(viewer with { ConnectionId = null }, person));

    public async Task<AccountSettings> SetAsync(
        Caller caller, PresenceChoice? presence = null, bool? showsLastSeen = null, bool? sendsReadReceipts = null) =>
        EngineWorld.Expect(await Engine.Get<SetSettings>().RunAsync(
            caller, new(presence, showsLastSeen, sendsReadReceipts), Cancel));

    public async Task RemoveAsync(Caller caller) => EngineWorld.Expect(
        await Engine.Get<RemoveMember>().RunAsync(Owner, new(Group, caller.AccountId), Cancel));

    public async Task AdvanceAsync(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Step)
        {
            Clock.Advance(Step);
            await Tracker.Settled;
        }
    }

    /// <summary>What a viewer was pushed of a person.</summary>
    public IReadOnlyList<Contract.Presence> Told(Caller viewer, Caller person) =>
    [
        .. Engine.Fanout.To<Presences>(viewer.AccountId)
            .SelectMany(presences => presences.Items)
            .Where(presence => presence.AccountId == person.AccountId),
    ];

    public IReadOnlyList<PresenceState> States(Caller viewer, Caller person) =>
        [.. Told(viewer, person).Select(presence => presence.State)];

    public async Task<DateTimeOffset?> SavedAsync(Caller caller)
    {
        var saved = await Engine.Database.ReadAsync(
            view => view.SingleAsync<long?>(
                "SELECT last_seen_at FROM account WHERE id = @AccountId", new { caller.AccountId }), Cancel);
        return saved is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    public Task ExecuteAsync(string sql, object parameters) =>
        Engine.Database.WriteAsync(turn => turn.ExecuteAsync(sql, parameters), Cancel);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
