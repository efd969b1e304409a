using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Receipts;
using Parley.Server.Storage;
using Parley.Server.Sync;

namespace Parley.Server.Tests.Engine;

/// <summary>The engine without its doors, on a real database: the verbs, and what they push.</summary>
internal sealed class EngineWorld : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder;

    private EngineWorld(ServiceProvider services, string folder) => (_services, _folder) = (services, folder);

    public string Folder => _folder;

    public RecordingFanout Fanout => (RecordingFanout)Get<IFanout>();

    public IDatabase Database => Get<IDatabase>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<EngineWorld> StartAsync(
        string database, Action<IServiceCollection>? configure = null, Dictionary<string, string?>? more = null)
    {
        var folder = Directory.CreateTempSubdirectory("parley-engine-").FullName;
        var settings = await Databases.SettingsAsync(database, folder, Cancel);
        foreach (var (key, value) in more ?? [])
            settings[key] = value;

        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IChance, SystemChance>()
            .AddSingleton<IFanout, RecordingFanout>()
            .AddStorage()
            .AddJournal()
            .AddMessages()
            .AddReceipts()
            .AddConversations()
            .AddSync();
        configure?.Invoke(services);
        var provider = services.BuildServiceProvider();
        await provider.StartStorageAsync(Cancel);
        return new(provider, folder);
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A person, without a password: here nobody signs in.</summary>
    public async Task<Caller> PersonAsync(Role role = Role.Staff, string? handle = null)
    {
        var id = new AccountId(Guid.CreateVersion7());
        await Database.WriteAsync(turn => turn.ExecuteAsync("""
            INSERT INTO account (id, handle, name, role, created_at)
            VALUES (@id, @handle, @handle, @role, 0)
            """, new { id, handle = handle ?? "p" + id, role = role.Word() }), Cancel);
        return new(id, new(Guid.NewGuid()), role, "connection-" + id);
    }

    public async Task<ConversationSnapshot> DirectAsync(Caller caller, Caller with) =>
        Expect(await Get<OpenDirect>().RunAsync(caller, new(with.AccountId), Cancel));

    public async Task<ConversationSnapshot> GroupAsync(
        Caller owner, IEnumerable<Caller> members, HistoryPolicy? history = null)
    {
        var request = new CreateGroupRequest(
            new(Guid.CreateVersion7()), "Group", [.. members.Select(member => member.AccountId)], history);
        return Expect(await Get<CreateGroup>().RunAsync(owner, request, Cancel));
    }

    public Task<Outcome<MessageSent>> TrySendAsync(
        Caller caller, ConversationId conversation, string body, MessageId? id = null) =>
        Get<SendMessage>().RunAsync(caller, new(id ?? new(Guid.CreateVersion7()), conversation, body));

    public async Task<MessageSent> SendAsync(
        Caller caller, ConversationId conversation, string body, MessageId? id = null) =>
        Expect(await TrySendAsync(caller, conversation, body, id));

    public async Task<ConversationSnapshot> SnapshotAsync(Caller caller, ConversationId conversation) =>
        await Database.ReadAsync(view => Snapshots.ReadAsync(view, caller.AccountId, conversation), Cancel)
        ?? throw new InvalidOperationException("not visible");

    /// <summary>
    /// Live equals fresh: a device that had <paramref name="before"/> and then applied every push holds what a device
    /// holds that syncs now, and what one holds that caught up from <paramref name="before"/>.
    /// </summary>
    public async Task LiveEqualsFreshAsync(Caller caller, ConversationSnapshot before)
    {
        var (live, conversation) = (Device.From(before), before.Conversation.Id);
        foreach (var changes in Fanout.To<Changes>(caller.AccountId).Where(push => push.ConversationId == conversation))
            Assert.False(live.Apply(changes), "a push left a gap");
        foreach (var moved in Fanout.To<ReceiptsMoved>(caller.AccountId))
        {
            if (moved.ConversationId == conversation)
                live.Apply(moved);
        }

        var caughtUp = Device.From(before);
        for (var hasMore = true; hasMore;)
        {
            var changes = Expect(await Get<GetChanges>().RunAsync(caller, new(conversation, caughtUp.Seq), Cancel));
            Assert.False(caughtUp.Apply(changes));
            hasMore = changes.HasMore;
        }

        var fresh = Device.From(await SnapshotAsync(caller, before.Conversation.Id));
        Assert.Equal(fresh.Seq, live.Seq);
        Assert.Equal(fresh.Seq, caughtUp.Seq);
        Assert.Equal(fresh.ReceiptSeq, live.ReceiptSeq);
        Assert.Equal(fresh.Conversation, live.Conversation);
        Assert.Equal(fresh.Conversation, caughtUp.Conversation);
        Assert.Equal(fresh.Memberships, live.Memberships);
        Assert.Equal(fresh.Memberships, caughtUp.Memberships);
        foreach (var (id, message) in fresh.Messages)
        {
            Assert.Equal(message, live.Messages[id]);
            Assert.Equal(message, caughtUp.Messages[id]);
        }
    }

    public static T Expect<T>(Outcome<T> outcome) where T : class =>
        outcome.Value ?? throw new InvalidOperationException($"refused: {outcome.Refusal}");

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
