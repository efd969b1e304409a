using System.Collections.Concurrent;
using Npgsql;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;
using Parley.Server.Tests.Engine;
using Parley.Servers;

namespace Parley.Server.Tests.Storage;

/// <summary>
/// What a database server does to those who depend on it: it kills, it dies, it is locked (faults 9 and 11).
/// </summary>
public sealed class PostgresFaultTests
{
    private const int Senders = 16;
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MS1_Backends_killed_under_load_leave_every_message_once_and_in_order()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Postgres);
        var killer = Killer(world);
        await using var load = await Load.BeginAsync(world);

        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
            await killer();
        }

        await load.EndAsync();
        Assert.True(load.Failed > 0, "Nothing was hit: the test proves nothing.");
        await UsedAgainAsync(world);
        await load.EachIsThereOnceAsync();
    }

    [Fact]
    public async Task MS1_A_database_killed_and_started_again_is_used_again_within_5_s()
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true, cancel: Cancel);
        var database = await postgres.CreateAsync(Cancel);
        await using var world = await EngineWorld.StartAsync(
            Databases.Sqlite, more: new() { ["Storage:Postgres"] = database.ConnectionString });
        await using var load = await Load.BeginAsync(world);

        await load.SomeAsync();
        await postgres.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancel);
        await postgres.RestartAsync(Cancel);
        var up = TimeProvider.System.GetTimestamp();
        await load.SomeAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(up), TimeSpan.Zero, Recovery);
        await load.EndAsync();
        Assert.True(load.Failed > 0, "Nothing was hit: the test proves nothing.");
        await load.EachIsThereOnceAsync();
    }

    [Fact]
    public async Task A_long_lock_and_a_tiny_pool_are_waited_for_a_while_and_then_refused()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Postgres, more: new()
        {
            ["Storage:PostgresConnectionsMax"] = "2",
            ["Storage:BusySeconds"] = "1",
        });
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var id = new MessageId(Guid.CreateVersion7());
        await using (var stranger = new NpgsqlConnection(Address(world)))
        {
            await stranger.OpenAsync(Cancel);
            await using var held = await stranger.BeginTransactionAsync(Cancel);
            await ExecuteAsync(stranger, "LOCK TABLE message, membership IN ACCESS EXCLUSIVE MODE");
            var began = TimeProvider.System.GetTimestamp();

            var asked = Enumerable.Range(0, 12).Select(i => RefusalOfAsync(Task () => i % 2 == 0
                ? world.TrySendAsync(anna, direct, "hello", i == 0 ? id : null)
                : world.SnapshotAsync(ben, direct))).ToList();
            var refusals = await Task.WhenAll(asked);

            Assert.All(refusals, refusal => Assert.Equal(RefusalCode.Overloaded, refusal?.Code));
            Assert.All(refusals, refusal => Assert.NotNull(refusal?.RetryAfterSeconds));
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }

        var sent = await world.SendAsync(anna, direct, "hello", id);
        var stored = (await world.SnapshotAsync(ben, direct)).Messages;
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(message => message.Number));
        Assert.Single(stored, message => message.Id == id && message.Number == sent.Number);
    }

    /// <summary>Every connection of the pool, also one that was killed while nobody used it, works again.</summary>
    private static async Task UsedAgainAsync(EngineWorld world)
    {
        var began = TimeProvider.System.GetTimestamp();
        Task AskAsync() => world.Database.ReadAsync(view => view.SingleAsync<long>("SELECT 1"), Cancel);
        async Task<bool> IsWellAsync() =>
            (await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => RefusalOfAsync(AskAsync)))).All(no => no is null);
        while (!await IsWellAsync())
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Recovery);
    }

    private static async Task<Refusal?> RefusalOfAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (StorageTrouble trouble)
        {
            return trouble.Refusal;
        }
    }

    /// <summary>Kills every connection of the server under test.</summary>
    private static Func<Task> Killer(EngineWorld world) => async () =>
    {
        await using var administrator = new NpgsqlConnection(Address(world) + ";Pooling=false");
        await administrator.OpenAsync(Cancel);
        await ExecuteAsync(administrator, """
            SELECT pg_terminate_backend(pid)
            FROM pg_stat_activity
            WHERE application_name = 'parley' AND datname = current_database()
            """);
    };

    private static string Address(EngineWorld world) =>
        world.Get<Microsoft.Extensions.Options.IOptions<StorageOptions>>().Value.Postgres!;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var statement = connection.CreateCommand();
        statement.CommandText = sql;
        await statement.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>People who send without a pause, and send again what they do not know the fate of.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly EngineWorld _world;
        private readonly Caller _reader;
        private readonly ConversationId _group;
        private readonly ConcurrentDictionary<MessageId, MessageSent> _acked = new();
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        private readonly Task _sending;
        private int _failed;

        private Load(EngineWorld world, IReadOnlyList<Caller> people, ConversationId group)
        {
            (_world, _reader, _group) = (world, people[0], group);
            _sending = Task.WhenAll(people.Select(person => Task.Run(() => SendAsync(person), Cancel)));
        }

        public int Failed => _failed;

        public static async Task<Load> BeginAsync(EngineWorld world)
        {
            var people = new List<Caller>();
            for (var i = 0; i < Senders; i++)
                people.Add(await world.PersonAsync());
            return new(world, people, (await world.GroupAsync(people[0], people[1..])).Conversation.Id);
        }

        /// <summary>Waits until a good many more are acknowledged.</summary>
        public async Task SomeAsync()
        {
            for (var wanted = _acked.Count + 100; _acked.Count < wanted;)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }

        public async Task EndAsync()
        {
            await _stop.CancelAsync();
            await _sending.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancel);
        }

        public async Task EachIsThereOnceAsync()
        {
            var stored = new List<Message>();
            var device = await _world.SnapshotAsync(_reader, _group);
            for (var (after, hasMore) = (0L, true); hasMore;)
            {
                var page = EngineWorld.Expect(
                    await _world.Get<Sync.GetChanges>().RunAsync(_reader, new(_group, after), Cancel));
                stored.AddRange(page.Messages);
                (after, hasMore) = (page.Seq, page.HasMore);
            }

            Assert.Equal(device.HeadNumber, stored.Count);
            Assert.Equal(Enumerable.Range(1, stored.Count), stored.Select(message => (int)message.Number));
            Assert.Equal(
                _acked.Values.Select(sent => (sent.Id, sent.Number)).OrderBy(sent => sent.Number),
                stored.Select(message => (message.Id, message.Number)));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _stop.Dispose();
        }

        /// <summary>Ends only when its last message is acknowledged.</summary>
        private async Task SendAsync(Caller person)
        {
            while (!_stop.IsCancellationRequested)
            {
                var id = new MessageId(Guid.CreateVersion7());
                while (!_acked.ContainsKey(id))
                {
                    try
                    {
                        _acked[id] = await _world.SendAsync(person, _group, "hello", id);
                    }
                    catch (StorageTrouble)
                    {
                        Interlocked.Increment(ref _failed);
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
                    }
                }
            }
        }
    }
}
