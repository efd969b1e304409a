using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Server.Typing;

namespace Parley.Server.Tests.Typing;

/// <summary>A group of three on a real database, with time in the test's hand.</summary>
internal sealed class TypingWorld : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private TypingWorld(EngineWorld engine, FakeClock clock) => (Engine, Clock) = (engine, clock);

    public EngineWorld Engine { get; }

    public FakeClock Clock { get; }

    public Caller Anna { get; private set; } = null!; // set by StartAsync, as the next ones

    public Caller Ben { get; private set; } = null!;

    public Caller Cleo { get; private set; } = null!;

    public ConversationId Group { get; private set; }

    public TypingLeases Leases => Engine.Get<TypingLeases>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TypingWorld> StartAsync(string database = Databases.Sqlite)
    {
        var clock = new FakeClock();
        var engine = await EngineWorld.StartAsync(
            database, services => services.AddSingleton<TimeProvider>(clock).AddTyping());
        var world = new TypingWorld(engine, clock)
        {
            Anna = await engine.PersonAsync(),
            Ben = await engine.PersonAsync(Role.Member),
            Cleo = await engine.PersonAsync(Role.Member),
        };
        world.Group = (await engine.GroupAsync(world.Anna, [world.Ben, world.Cleo])).Conversation.Id;
        return world;
    }

    public async Task<Outcome<Done>> TypesAsync(Caller caller, bool isTyping = true)
    {
        var answer = await Engine.Get<SetTyping>().RunAsync(caller, new(Group, isTyping), Cancel);
        await Leases.Settled;
        return answer;
    }

    public async Task AdvanceAsync(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Step)
        {
            Clock.Advance(Step);
            await Leases.Settled;
        }
    }

    public async Task RemoveAsync(Caller caller) => EngineWorld.Expect(
        await Engine.Get<RemoveMember>().RunAsync(Anna, new(Group, caller.AccountId), Cancel));

    /// <summary>Every frame a person got.</summary>
    public IReadOnlyList<IReadOnlyList<AccountId>> Told(Caller caller) =>
        [.. Engine.Fanout.To<Contract.Typing>(caller.AccountId).Select(typing => typing.AccountIds)];

    /// <summary>Whom a person sees typing now.</summary>
    public IReadOnlyList<AccountId> Seen(Caller caller) => Told(caller) is [.., var last] ? last : [];

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
