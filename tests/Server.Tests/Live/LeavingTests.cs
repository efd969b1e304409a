using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Live;

/// <summary>
/// A server that is told to stop (fault 3): everybody hears when to come back, and nothing acknowledged is lost.
/// </summary>
public sealed class LeavingTests
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LV4_Everybody_hears_when_to_come_back_and_not_all_at_once()
    {
        await using var server = await StartAsync();
        var lines = new List<HubLine>();
        for (var i = 0; i < 20; i++)
            lines.Add(await HubLine.OpenAsync(server, await server.SessionAsync($"person{i}")));
        var began = TimeProvider.System.GetTimestamp();

        await server.App.StopAsync(Cancel);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Promise);
        var waits = new HashSet<int>();
        foreach (var line in lines)
        {
            await line.Closed;
            var goodbye = Assert.Single(line.Pushes, push => push.Target == Wire.GoodbyeTarget).As<Goodbye>();
            Assert.Equal(GoodbyeReason.ShuttingDown, goodbye.Reason);
            Assert.InRange(goodbye.ReconnectAfterMs!.Value, 0, 5_000);
            waits.Add(goodbye.ReconnectAfterMs.Value);
            await line.DisposeAsync();
        }

        Assert.InRange(waits.Count, 10, 20);
    }

    [Fact]
    public async Task LV4_Nobody_who_does_not_read_delays_the_end()
    {
        await using var server = await StartAsync();
        var session = await server.SessionAsync("silent");
        await using var silent = await RawSocket.OpenAsync(server, session, receiveBytes: 1_024);
        await silent.ShakeAsync();
        await using var unshaken = await RawSocket.OpenAsync(server, await server.SessionAsync("unshaken"));
        var began = TimeProvider.System.GetTimestamp();

        await server.App.StopAsync(Cancel);

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Promise);
    }

    [Theory, EachDatabase]
    public async Task MS3_What_was_acknowledged_when_it_stopped_is_there_when_it_is_back(string database)
    {
        await using var server = await StartAsync(database);
        var (anna, ben, direct) = await PushTests.PairAsync(server);
        await using var line = await HubLine.OpenAsync(server, anna);
        var asked = new ConcurrentBag<MessageId>();
        var acked = new ConcurrentDictionary<MessageId, MessageSent>();
        var sending = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FloodAsync()));
        while (acked.Count < 50)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);

        await server.App.StopAsync(Cancel);
        await sending;

        await using var again = await StartAsync(server.App.Configuration["Storage:Postgres"] ?? database, server);
        await using var door = new HttpDoor(again.As(anna));
        foreach (var id in asked)
        {
            var answer = await door.AskAsync(Verbs.Send, new(id, direct, "hello"));
            Assert.Equal(acked.GetValueOrDefault(id) ?? answer.Value, answer.Value);
        }

        var last = await door.AskAsync(Verbs.History, new(direct, HistoryDirection.Before, null, 1));
        Assert.Equal(asked.Count, last.Value!.Items[0].Number); // each once, without a gap

        async Task FloodAsync()
        {
            while (!line.IsClosed)
            {
                var id = new MessageId(Guid.CreateVersion7());
                asked.Add(id);
                try
                {
                    var reply = await line.AskAsync(Verbs.Send, new(id, direct, "hello"));
                    if (reply.Value is { } sent)
                        acked[id] = sent;
                }
                catch (Exception cut) when (cut is IOException or System.Net.WebSockets.WebSocketException)
                {
                    return;
                }
            }
        }
    }

    private static Task<TestServer> StartAsync(string database = Databases.Sqlite, TestServer? before = null) =>
        TestServer.StartAsync(
            database, new() { ["RateLimits:IsOff"] = "true" },
            builder => builder.Services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)), sharing: before);
}
