using System.Text;
using System.Text.Json;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Live;

/// <summary>
/// What a stranger can write into the line (faults 22 and 23): it costs him the line, and nobody else anything.
/// </summary>
public sealed class FrameTests(FrameTests.Stand stand) : IClassFixture<FrameTests.Stand>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string Deep = Nested(20_000);

    private TestServer _server = null!; // InitializeAsync
    private SignedIn _anna = null!; // InitializeAsync
    private HubLine _ben = null!; // InitializeAsync
    private ConversationId _direct;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Records that close the line.</summary>
    public static TheoryData<string> Broken =>
    [
        "hello", "", "[]", "1", "null", "{", "{\"type\":1", "{}", "{\"type\":\"1\"}", "{\"type\":null}", "{\"type\":1}",
        "{\"type\":1,\"target\":\"Send\"}", "{\"type\":1,\"target\":7,\"arguments\":[]}",
        "{\"type\":1,\"target\":\"Send\",\"arguments\":{}}", "{\"type\":1,\"target\":\"Send\",\"arguments\":[}",
        "{\"type\":1,\"invocationId\":7,\"target\":\"Send\",\"arguments\":[]}", "{\"type\":3}", "{\"type\":5}",
        HubLine.Handshake,
        "{\"type\":1,\"target\":\"\\ud800\",\"arguments\":[]}", "{\"type\":7}",
    ];

    /// <summary>Calls that are refused, and the line stays.</summary>
    public static TheoryData<string, string> Misshapen => new()
    {
        { "Nothing", "[{}]" }, { "", "[{}]" }, { "send ", "[{}]" }, { "OnConnectedAsync", "[]" }, { "Dispose", "[]" },
        { "get_Context", "[]" }, { "ToString", "[]" }, { "Misshapen", "[]" }, { "Misshapen", "[1]" },
        { "Send", "[]" }, { "Send", "[{},{}]" }, { "Send", "[null]" }, { "Send", "[1]" }, { "Send", "[\"x\"]" },
        { "Send", "[[]]" }, { "Send", "[{}]" }, { "Send", """[{"id":1,"conversationId":2,"body":3}]""" },
        { "Send", $"[{string.Join(',', Enumerable.Repeat("0", 15_000))}]" },
        { "Sync", """[{"accountSeq":0,"conversations":[null]}]""" },
        { "People", """[{"ids":null}]""" }, { "People", """[{"ids":[null]}]""" },
        { "WatchPresence", """[{"accountIds":["not an id"]}]""" },
        { "History", """[{"conversationId":"0198a0c0-0000-7000-8000-000000000000","direction":2}]""" },
        { "Changes", """[{"conversationId":"0198a0c0-0000-7000-8000-000000000000","afterSeq":1e400}]""" },
        { "Changes", """[{"conversationId":"0198a0c0-0000-7000-8000-000000000000","afterSeq":"1"}]""" },
    };

    /// <summary>Records that mean nothing to us, and cost nothing.</summary>
    public static TheoryData<string> Idle =>
    [
        "{\"type\":99}", "{\"type\":6}", "{\"type\":3,\"invocationId\":\"nobody\",\"result\":1}",
        "{\"type\":3,\"invocationId\":\"nobody\",\"error\":\"x\"}",
        "{\"type\":2,\"invocationId\":\"nobody\",\"item\":1}",
        "{\"type\":5,\"invocationId\":\"nobody\"}", "{\"type\":8,\"sequenceId\":1}", "{\"type\":9,\"sequenceId\":1}",
        "{\"type\":1,\"target\":\"Nothing\",\"arguments\":[1]}", "{\"type\":6,\"type\":6}", "{\"type\":6} {",
    ];

    /// <summary>Frames against RFC 6455: head, payload, masked.</summary>
    public static TheoryData<int, int, bool> AgainstTheRfc => new()
    {
        { 0x81, 10, false }, { 0xC1, 10, true }, { 0xA1, 10, true }, { 0x91, 10, true }, { 0x83, 10, true },
        { 0x8B, 0, true }, { 0x89, 126, true }, { 0x09, 1, true }, { 0x80, 10, true }, { 0x88, 1, true },
        { 0x88, 126, true },
    };

    public async ValueTask InitializeAsync()
    {
        _server = await stand.StartedAsync();
        _anna = await _server.SessionAsync($"anna-{Guid.NewGuid():N}", Role.Staff);
        var ben = await _server.SessionAsync($"ben-{Guid.NewGuid():N}", Role.Staff);
        _ben = await HubLine.OpenAsync(_server, ben);
        var opened = await _ben.AskAsync(Verbs.OpenDirect, new(_anna.Me.Id));
        _direct = opened.Value!.Conversation.Id;
    }

    [Theory, MemberData(nameof(Broken))]
    public async Task WR3_A_broken_record_costs_the_line(string record)
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        await line.SendRecordAsync(record);
        Quiet(await line.Closed);
    }

    [Theory, MemberData(nameof(Misshapen))]
    public async Task WR4_A_call_that_no_verb_can_take_is_refused_as_any_other(string target, string arguments)
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        await RefusedAsync(line, target, arguments, RefusalCode.Invalid);
        await StillAliveAsync(line);
    }

    [Fact]
    public async Task WR4_Nobody_gets_a_stream()
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        var (id, answer) = line.Expect();
        await line.SendRecordAsync($$"""{"type":4,"invocationId":"{{id}}","target":"Send","arguments":[{}]}""");
        var reply = (await answer).GetProperty("result").Deserialize<Reply<Done>>(WireJson.Options)!;
        Assert.Equal(RefusalCode.Invalid, reply.Refusal?.Code);
        await StillAliveAsync(line);
    }

    [Theory, MemberData(nameof(Idle))]
    public async Task A_record_that_concerns_nothing_does_nothing(string record)
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        await line.SendRecordAsync(record);
        await StillAliveAsync(line);
    }

    [Theory, MemberData(nameof(AgainstTheRfc))]
    public async Task A_frame_against_the_rfc_costs_the_line(int head, int length, bool isMasked)
    {
        await using var socket = await RawSocket.OpenAsync(_server, _anna);
        await socket.ShakeAsync();
        await socket.SendAsync((byte)head, new byte[length], isMasked);
        Quiet(await socket.ReadToEndAsync(Patience));
    }

    [Theory]
    [InlineData("\"a\\u0000b\"", RefusalCode.Invalid)]
    [InlineData("\"\\ud800\"", RefusalCode.Invalid)]
    [InlineData("\"\\udc00x\"", RefusalCode.Invalid)]
    [InlineData("\"\\u0000\"", RefusalCode.Invalid)]
    public async Task MS4_Text_that_is_none_is_refused(string body, RefusalCode code)
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        var id = Guid.NewGuid();
        await RefusedAsync(
            line, "Send", $$"""[{"id":"{{id}}","conversationId":"{{_direct}}","body":{{body}}}]""", code);
        await StillAliveAsync(line);
    }

    [Fact]
    public async Task WR3_Bytes_that_are_no_UTF8_are_no_text()
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        var id = Guid.NewGuid();
        var start = Encoding.UTF8.GetBytes(
            $$"""{"type":1,"target":"Send","arguments":[{"id":"{{id}}","conversationId":"{{_direct}}","body":" """);
        await line.SendAsync([.. start, 0xC3, 0x28, 0xFF, .. "\"}]}"u8, 0x1E]);
        Quiet(await line.Closed);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task WR3_A_frame_has_at_most_32_kB(int more, bool isTaken)
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        var (id, answer) = line.Expect();
        const string Argument = """{"accountSeq":0,"conversations":[]}""";
        var record = $$"""{"type":1,"invocationId":"{{id}}","target":"Sync","arguments":[{{Argument}}]}""";
        await line.SendRecordAsync(record.PadRight(Limits.FrameBytesMax - 1 + more)); // and the separator
        if (isTaken)
            Assert.True((await answer).TryGetProperty("result", out _));
        else
            await CutAsync(line, answer);
    }

    [Theory]
    [InlineData(13, true)] // in a member, in the argument, in the arguments, in the record
    [InlineData(14, false)]
    public async Task WR3_A_frame_nests_at_most_16_deep(int depth, bool isTaken)
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        var (id, answer) = line.Expect();
        var argument = $$"""{"accountSeq":0,"conversations":[],"new":{{Nested(depth)}}}""";
        await line.SendRecordAsync(
            $$"""{"type":1,"invocationId":"{{id}}","target":"Sync","arguments":[{{argument}}]}""");
        if (isTaken)
            Assert.True((await answer).GetProperty("result").TryGetProperty("value", out _));
        else
            await CutAsync(line, answer);
    }

    [Fact]
    public async Task WR3_A_record_that_is_all_depth_overflows_nothing()
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        await line.SendRecordAsync($$"""{"type":1,"target":"Send","arguments":[{{Deep[..30_000]}}""");
        Quiet(await line.Closed);
    }

    [Fact]
    public async Task WR3_A_record_that_never_ends_is_cut_off_and_not_gathered()
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        var chunk = Encoding.UTF8.GetBytes(new string('x', 1_000));
        var sent = 0;
        try
        {
            for (; sent < 20_000 && !line.IsClosed; sent++)
                await line.SendAsync(chunk, isEnd: false);
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // Cut while writing.
        }

        Quiet(await line.Closed);
        Assert.InRange(sent, 30, 19_999); // of which the kernel kept most
    }

    [Fact]
    public async Task A_flood_of_pings_keeps_nobody_waiting()
    {
        await using var line = await HubLine.OpenAsync(_server, _anna);
        for (var i = 0; i < 10_000; i++)
            await line.SendRecordAsync("{\"type\":6}");
        await StillAliveAsync(line);
    }

    [Theory]
    [InlineData("{\"protocol\":\"messagepack\",\"version\":1}")]
    [InlineData("{\"protocol\":\"json\",\"version\":99}")]
    [InlineData("{\"type\":1,\"target\":\"Send\",\"arguments\":[]}")]
    [InlineData("hello")]
    [InlineData("{}")]
    public async Task Hands_that_are_not_shaken_open_nothing(string record)
    {
        await using var line = await HubLine.ConnectAsync(_server, await HubLine.TicketAsync(_server, _anna));
        await line.SendRecordAsync(record);
        Quiet(await line.Closed);
        Assert.Empty(line.Pushes);
    }

    [Fact]
    public async Task LV1_Who_does_not_shake_hands_within_5_s_is_let_go()
    {
        await using var line = await HubLine.ConnectAsync(_server, await HubLine.TicketAsync(_server, _anna));
        var began = TimeProvider.System.GetTimestamp();
        Quiet(await line.Closed);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 3, 12);
    }

    /// <summary>After all of it: nothing is stored, others are served, and the log knows of nothing broken.</summary>
    public async ValueTask DisposeAsync()
    {
        var history = await _ben.AskAsync(Verbs.History, new(_direct, HistoryDirection.Before, null, null));
        Assert.All(history.Value!.Items, message => Assert.Equal("alive", message.Body));
        var sent = await _ben.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), _direct, "hello"));
        Assert.NotNull(sent.Value);
        await _ben.DisposeAsync();
        Assert.DoesNotContain(stand.Log.Lines, line => line.Split(' ')[0] is "Error" or "Critical");
    }

    /// <summary>The line is closed, and the call was not answered.</summary>
    private static async Task CutAsync(HubLine line, Task<JsonElement> answer)
    {
        Quiet(await line.Closed);
        await Assert.ThrowsAsync<IOException>(() => answer);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static async Task RefusedAsync(HubLine line, string target, string arguments, RefusalCode code)
    {
        var (id, answer) = line.Expect();
        await line.SendRecordAsync(
            $$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":{{arguments}}}""");
        var completion = await answer;
        Assert.False(completion.TryGetProperty("error", out _), completion.ToString());
        var reply = completion.GetProperty("result").Deserialize<Reply<Done>>(WireJson.Options)!;
        Assert.Equal(code, reply.Refusal?.Code);
        Quiet(completion.ToString());
    }

    private async Task StillAliveAsync(HubLine line)
    {
        var sent = await line.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), _direct, "alive"));
        Assert.NotNull(sent.Value);
    }

    /// <summary>What is said to a stranger names nothing of the inside.</summary>
    private static void Quiet(string? said)
    {
        string[] words = ["Exception", "System.", "Microsoft.", "Parley.Server", "   at ", "LineNumber", ".cs"];
        foreach (var word in words)
            Assert.DoesNotContain(word, said ?? "", StringComparison.Ordinal);
    }

    /// <summary>One server takes it all.</summary>
    public sealed class Stand : IAsyncDisposable
    {
        private TestServer? _server;

        internal RecordingLog Log { get; } = new();

        internal async Task<TestServer> StartedAsync() => _server ??= await TestServer.StartAsync(
            settings: new() { ["RateLimits:PersonBurst"] = "50000" }, configure: Log.Listen);

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
    }
}
