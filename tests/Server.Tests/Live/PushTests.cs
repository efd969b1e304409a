using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Live;

/// <summary>What reaches a connection, in which order, and how often one may ask.</summary>
public sealed class PushTests
{
    private static readonly Dictionary<string, string?> Unlimited = new() { ["RateLimits:IsOff"] = "true" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Also while each call has to ask the database whether its session is still good.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LV2_What_one_connection_sends_is_stored_in_that_order(bool isForgotten)
    {
        await using var server = await TestServer.StartAsync(settings: Unlimited);
        var (anna, _, direct) = await PairAsync(server);
        await using var line = await HubLine.OpenAsync(server, anna);
        var sessions = server.Get<Sessions>();
        var answers = new List<Task<JsonElement>>();
        for (var i = 0; i < 600; i++)
        {
            if (isForgotten)
                sessions.ForgetAll();

            var (id, answer) = line.Expect();
            answers.Add(answer);
            var (target, argument) = (i % 3) switch
            {
                0 or 1 => ("Send", JsonSerializer.Serialize(
                    new SendMessageRequest(new(Guid.CreateVersion7()), direct, $"message {i}"), WireJson.Options)),
                _ => ("Sync", """{"accountSeq":0,"conversations":[]}"""),
            };
            await line.SendRecordAsync(
                $$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":[{{argument}}]}""");
        }

        await Task.WhenAll(answers);

        var numbers = answers.Where((_, i) => i % 3 < 2).Select(answer =>
            answer.Result.GetProperty("result").GetProperty("value").GetProperty("number").GetInt32());
        Assert.Equal(Enumerable.Range(1, 400), numbers);
    }

    [Fact]
    public async Task An_own_message_comes_by_its_ack_here_and_by_a_push_on_ones_other_devices()
    {
        await using var server = await TestServer.StartAsync(settings: Unlimited);
        var (anna, ben, direct) = await PairAsync(server);
        await using var here = await HubLine.OpenAsync(server, anna);
        await using var there = await HubLine.OpenAsync(server, anna);
        await using var bens = await HubLine.OpenAsync(server, ben);

        var sent = await here.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), direct, "hello"));

        foreach (var line in new[] { there, bens })
        {
            await line.PushedAsync<Changes>(
                Wire.ChangesTarget, changes => changes.Messages is [var only] && only.Id == sent.Value!.Id);
        }

        await here.AskAsync(Verbs.Sync, new(null, 0, [])); // whatever was pushed before has come
        Assert.DoesNotContain(here.Pushes, push => push.Target == Wire.ChangesTarget);
    }

    [Theory, EachDatabase]
    public async Task SY1_Each_push_continues_the_one_before_it_and_says_how_far_it_reaches(string database)
    {
        await using var server = await TestServer.StartAsync(database, Unlimited);
        var (anna, ben, direct) = await PairAsync(server);
        await using var annas = await HubLine.OpenAsync(server, anna);
        await using var bens = await HubLine.OpenAsync(server, ben);
        var before = (await bens.AskAsync(Verbs.Changes, new(direct, 0))).Value!.Seq;
        var first = new MessageId(Guid.CreateVersion7());

        await annas.AskAsync(Verbs.Send, new(first, direct, "one"));
        await annas.AskAsync(Verbs.Edit, new(direct, first, "One", null));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            annas.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), direct, $"message {i}"))));
        await annas.AskAsync(Verbs.SetArchived, new(direct, true));
        await annas.AskAsync(Verbs.Remove, new(direct, first));

        var head = (await bens.AskAsync(Verbs.Changes, new(direct, 0))).Value!.Seq;
        Assert.Equal(before + 54, head); // one step for each change
        await bens.PushedAsync<Changes>(Wire.ChangesTarget, changes => changes.Seq == head);
        foreach (var changes in bens.Pushed<Changes>(Wire.ChangesTarget))
        {
            Assert.Equal(before, changes.AfterSeq);
            before = changes.Seq;
        }
    }

    [Theory, EachDatabase]
    public async Task SY4_What_happens_while_a_connection_syncs_is_in_the_answer_or_pushed(string database)
    {
        await using var server = await TestServer.StartAsync(database, Unlimited);
        var (anna, ben, direct) = await PairAsync(server);
        await using var sender = await HubLine.OpenAsync(server, anna);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var request = new SendMessageRequest(new(Guid.CreateVersion7()), direct, $"message {i}");
                Assert.NotNull((await sender.AskAsync(Verbs.Send, request)).Value);
            }
        }, Cancel);

        var watchers = new List<Watcher>();
        for (var i = 0; i < 15; i++)
            watchers.Add(await Watcher.StartAsync(server, ben));
        await stop.CancelAsync();
        await sending;

        foreach (var watcher in watchers)
        {
            await watcher.EqualsFreshAsync(); // and no push left a gap
            await watcher.DisposeAsync();
        }
    }

    [Theory, EachDatabase]
    public async Task SY5_Within_30_s_a_heartbeat_tells_the_digest_of_what_one_should_have(string database)
    {
        await using var server = await TestServer.StartAsync(database, Unlimited);
        var (anna, ben, direct) = await PairAsync(server);
        await using var line = await HubLine.OpenAsync(server, ben);
        await using var annas = await HubLine.OpenAsync(server, anna);
        await annas.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), direct, "hello"));

        for (var second = 0; second < Limits.HeartbeatSeconds; second++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(40), TimeProvider.System, Cancel); // for the round to run
        }

        var heartbeat = await line.PushedAsync<Heartbeat>(Wire.HeartbeatTarget);
        var fresh = (await line.AskAsync(Verbs.Sync, new(null, 0, []))).Value!;
        var expected = HeadsDigest.OfAccount(fresh.Account.Seq);
        foreach (var held in fresh.Account.Joined)
        {
            expected += HeadsDigest.OfConversation(
                held.Conversation.Id, held.Seq, held.ReceiptSeq, held.Conversation.MemberCount);
        }

        Assert.Equal((fresh.Epoch, (long)expected), (heartbeat.Epoch, heartbeat.Digest));
        var now = server.Clock.GetUtcNow();
        Assert.InRange(heartbeat.ServerTime, now - TimeSpan.FromSeconds(30), now);
    }

    [Fact]
    public async Task WR6_Both_doors_count_into_one_limit_and_refuse_alike()
    {
        await using var server = await TestServer.StartAsync(settings: new()
        {
            ["RateLimits:PersonBurst"] = "9",
            ["RateLimits:PersonPerSecond"] = "0.5",
        });
        var anna = await server.SessionAsync("anna");
        await using var hub = new HubDoor(await HubLine.OpenAsync(server, anna)); // ticket and opening are two
        await using var http = new HttpDoor(server.As(anna));
        for (var i = 0; i < 2; i++)
        {
            Assert.NotNull((await hub.AskAsync(Verbs.Sync, new(null, 0, []))).Value);
            Assert.NotNull((await http.AskAsync(Verbs.Sync, new(null, 0, []))).Value);
            await hub.Line.CallAsync("Nothing", "1"); // costs as much as something
        }

        Assert.NotNull((await hub.AskAsync(Verbs.Sync, new(null, 0, []))).Value);
        var refusals = new[]
        {
            (await hub.AskAsync(Verbs.Sync, new(null, 0, []))).Refusal,
            (await http.AskAsync(Verbs.Sync, new(null, 0, []))).Refusal,
        };
        Assert.All(refusals, refusal =>
            Assert.Equal((RefusalCode.TooManyRequests, 2), (refusal!.Code, refusal.RetryAfterSeconds)));

        server.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull((await hub.AskAsync(Verbs.Sync, new(null, 0, []))).Value);
    }

    [Fact]
    public async Task LV1_The_line_is_kept_and_bounded_as_promised()
    {
        await using var server = await TestServer.StartAsync();
        var options = server.Get<IOptions<HubOptions>>().Value;
        Assert.Equal(TimeSpan.FromSeconds(15), options.KeepAliveInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ClientTimeoutInterval);
        Assert.Equal(TimeSpan.FromSeconds(5), options.HandshakeTimeout);
        Assert.Equal(Limits.FrameBytesMax, options.MaximumReceiveMessageSize);
        Assert.InRange(options.MaximumParallelInvocationsPerClient, 1, 16);
        Assert.False(options.EnableDetailedErrors);
    }

    internal static async Task<(SignedIn Anna, SignedIn Ben, ConversationId Direct)> PairAsync(TestServer server)
    {
        var (anna, ben) = (await server.SessionAsync("anna", Role.Staff), await server.SessionAsync("ben", Role.Staff));
        await using var door = new HttpDoor(server.As(anna));
        var opened = await door.AskAsync(Verbs.OpenDirect, new(ben.Me.Id));
        return (anna, ben, opened.Value!.Conversation.Id);
    }
}
