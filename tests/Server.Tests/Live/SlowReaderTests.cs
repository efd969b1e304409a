using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Live;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Live;

/// <summary>
/// A reader that never reads (fault 18, L1): cut off, and neither anybody's time nor our memory is lost on it.
/// </summary>
[CollectionDefinition(nameof(SlowReaderTests), DisableParallelization = true)] // it weighs the process
[Collection(nameof(SlowReaderTests))]
public sealed class SlowReaderTests
{
    private const int MessagesMax = 60_000;
    private const int FrameBytes = 400; // without the body
    private const long BytesMax = 12_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)] // the bound on frames
    [InlineData(4_000)] // the bound on bytes
    public async Task LV3_It_is_cut_off_while_others_are_served_and_its_memory_comes_back(int bodyLength)
    {
        await using var server = await TestServer.StartAsync(
            settings: new() { ["RateLimits:IsOff"] = "true" },
            configure: builder => builder.Services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)));
        var (anna, ben, direct) = await PushTests.PairAsync(server);
        await using var sender = await HubLine.OpenAsync(server, anna);
        var received = 0;
        await using var reader = await HubLine.OpenAsync(
            server, ben, push => received += push.Target == Wire.ChangesTarget ? push.As<Changes>().Messages.Count : 0);
        await using var silent = await RawSocket.OpenAsync(server, ben, receiveBytes: 2_048);
        await silent.ShakeAsync();
        var connections = server.Get<LiveConnections>();
        var before = Memory(sender, reader);
        await UntilAsync(() => connections.Of(ben.Me.Id).Count == 2);

        var sent = 0;
        var slowest = TimeSpan.Zero;
        while (connections.Of(ben.Me.Id).Count == 2 && sent < MessagesMax)
        {
            var began = TimeProvider.System.GetTimestamp();
            await SendAsync(sender, direct, new string('x', bodyLength), count: 50);
            sent += 50;
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, TimeProvider.System.GetElapsedTime(began).Ticks));
        }

        // What fits into its queue, into the pipes and into the kernel; no more.
        Assert.InRange(sent * (long)(bodyLength + FrameBytes), LiveConnection.WaitingFramesMax * FrameBytes, BytesMax);
        Assert.Single(connections.Of(ben.Me.Id));
        await UntilAsync(() => Volatile.Read(ref received) == sent); // nothing of it was missed by who reads
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await UntilAsync(() => Memory(sender, reader) - before < 8_000_000);
    }

    [Fact]
    public async Task AU4_A_session_that_ends_is_cut_off_within_2_s_even_if_it_does_not_read()
    {
        await using var server = await TestServer.StartAsync(
            settings: new() { ["RateLimits:IsOff"] = "true" },
            configure: builder => builder.Services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)));
        var (anna, ben, direct) = await PushTests.PairAsync(server);
        await using var sender = await HubLine.OpenAsync(server, anna);
        await using var silent = await RawSocket.OpenAsync(server, ben, receiveBytes: 2_048);
        await silent.ShakeAsync();
        var connections = server.Get<LiveConnections>();
        await UntilAsync(() => connections.Of(ben.Me.Id).Count == 1);
        var connection = connections.Of(ben.Me.Id)[0];
        while (!connection.IsWaiting)
            await SendAsync(sender, direct, new string('x', 4_000), count: 10);

        using var bens = server.As(ben);
        await bens.PostAsync("/api/v1/auth/sign-out", null, Cancel);
        var began = TimeProvider.System.GetTimestamp();

        await UntilAsync(() => connections.Of(ben.Me.Id).Count == 0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task LV3_A_line_that_is_cut_off_syncs_to_the_same_when_it_comes_back()
    {
        await using var server = await TestServer.StartAsync(settings: new() { ["RateLimits:IsOff"] = "true" });
        var (anna, ben, direct) = await PushTests.PairAsync(server);
        await using var sender = await HubLine.OpenAsync(server, anna);
        await using var watcher = await Watcher.StartAsync(server, ben);
        server.Get<LiveConnections>().Of(ben.Me.Id)[0].Abort();
        await watcher.Line.Closed;
        await sender.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), direct, "missed"));

        await using var back = await Watcher.StartAsync(server, ben);

        await back.EqualsFreshAsync();
    }

    private static async Task SendAsync(HubLine sender, ConversationId conversation, string body, int count)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
            sender.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), conversation, body))));
        Assert.All(replies, reply => Assert.NotNull(reply.Value));
    }

    private static long Memory(params HubLine[] lines)
    {
        foreach (var line in lines)
        {
            line.Records.Clear();
            line.Pushes.Clear();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task UntilAsync(
        Func<bool> isSo, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            var isTime = TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20);
            Assert.True(isTime, $"It never came to {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }
    }
}
