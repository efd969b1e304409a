using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Parley.Contract;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// A line to the hub: SignalR's JSON protocol over a WebSocket, spoken by hand, so that a test sees every record and
/// can send what no client library would.
/// </summary>
internal sealed class HubLine : IAsyncDisposable
{
    public const string Handshake = """{"protocol":"json","version":1}""";
    private const byte Separator = 0x1E;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly TaskCompletionSource<string?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JsonElement> _shaken =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly SemaphoreSlim _sending = new(1);
    private readonly Action<HubPush>? _listen;
    private Task _reading = Task.CompletedTask;
    private int _calls;

    private HubLine(Action<HubPush>? listen) => _listen = listen;

    /// <summary>Everything the server invoked here, in order.</summary>
    public ConcurrentQueue<HubPush> Pushes { get; } = new();

    /// <summary>Everything that came, as it came.</summary>
    public ConcurrentQueue<string> Records { get; } = new();

    /// <summary>Completes when the server is gone: with the error of its close record, if it said one.</summary>
    public Task<string?> Closed => _closed.Task.WaitAsync(Patience, TimeProvider.System, Cancel);

    public bool IsClosed => _closed.Task.IsCompleted;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Signed in, ticket redeemed, hands shaken.</summary>
    public static async Task<HubLine> OpenAsync(TestServer server, SignedIn session, Action<HubPush>? listen = null)
    {
        var line = await ConnectAsync(server, await TicketAsync(server, session), listen);
        await line.ShakeAsync();
        return line;
    }

    public static async Task<string> TicketAsync(TestServer server, SignedIn session)
    {
        using var client = server.As(session);
        using var answer = await client.PostAsync("/api/v1/live/ticket", null, Cancel);
        return (await TestServer.ReadAsync<LiveTicket>(answer)).Ticket;
    }

    /// <summary>Open, but hands not shaken yet.</summary>
    public static async Task<HubLine> ConnectAsync(TestServer server, string token, Action<HubPush>? listen = null)
    {
        var line = new HubLine(listen);
        var address = new UriBuilder(server.Address)
        {
            Scheme = "ws",
            Path = Wire.HubPath,
            Query = "access_token=" + token,
        };
        await line._socket.ConnectAsync(address.Uri, Cancel).WaitAsync(Patience, TimeProvider.System, Cancel);
        line._reading = line.ReadAsync();
        return line;
    }

    public async Task ShakeAsync()
    {
        await SendRecordAsync(Handshake);
        await _shaken.Task.WaitAsync(Patience, TimeProvider.System, Cancel);
    }

    /// <summary>Asks, and takes the answer out of its envelope.</summary>
    public async Task<JsonElement> AskAsync<TRequest>(string verb, TRequest request)
    {
        var completion = await CallAsync(verb, JsonSerializer.Serialize(request, WireJson.Options));
        Assert.False(completion.TryGetProperty("error", out var error), $"{verb}: a bare error, against WR-4: {error}");
        return completion.GetProperty("result");
    }

    /// <summary>Asks, and reads the answer.</summary>
    public async Task<Reply<TAnswer>> AskAsync<TRequest, TAnswer>(Verb<TRequest, TAnswer> verb, TRequest request)
        where TAnswer : class =>
        (await AskAsync(verb.Name, request)).Deserialize<Reply<TAnswer>>(WireJson.Options)!;

    /// <summary>Invokes with arguments as they stand, and waits for the completion record.</summary>
    public async Task<JsonElement> CallAsync(string target, params IEnumerable<string> arguments)
    {
        var (id, answer) = Expect();
        var listed = string.Join(',', arguments);
        await SendRecordAsync(
            $$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":[{{listed}}]}""");
        return await answer;
    }

    /// <summary>An invocation id nobody used, and the completion record it will get.</summary>
    public (string Id, Task<JsonElement> Answer) Expect()
    {
        var id = Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture);
        var answer = _asked.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (IsClosed)
            answer.TrySetException(new IOException("The line is closed."));
        return (id, answer.Task.WaitAsync(Patience, TimeProvider.System, Cancel));
    }

    public Task SendRecordAsync(string json) => SendAsync([.. Encoding.UTF8.GetBytes(json), Separator]);

    public async Task SendAsync(byte[] bytes, bool isEnd = true)
    {
        await _sending.WaitAsync(Cancel);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, isEnd, Cancel)
                .WaitAsync(Patience, TimeProvider.System, Cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>What came so far for one target, in order.</summary>
    public IEnumerable<T> Pushed<T>(string target) =>
        Pushes.Where(push => push.Target == target).Select(push => push.As<T>());

    /// <summary>Waits for a push that is what the test waits for.</summary>
    public async Task<T> PushedAsync<T>(string target, Func<T, bool>? isIt = null, TimeSpan? within = null)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var push in Pushes.Where(push => push.Target == target))
            {
                if (push.As<T>() is var payload && (isIt is null || isIt(payload)))
                    return payload;
            }

            var waited = TimeProvider.System.GetElapsedTime(deadline);
            Assert.True(waited < (within ?? Patience), $"No {target} came within {waited}; closed: {IsClosed}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        string? error = null;
        try
        {
            var gathered = new List<byte>();
            var buffer = new byte[64 * 1024];
            while (await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)
                is { MessageType: not WebSocketMessageType.Close } part)
            {
                var left = buffer.AsSpan(0, part.Count);
                while (left.IndexOf(Separator) is >= 0 and var end)
                {
                    gathered.AddRange(left[..end]);
                    error = Take(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(gathered))) ?? error;
                    gathered.Clear();
                    left = left[(end + 1)..];
                }

                gathered.AddRange(left);
            }
        }
        catch (Exception cut)
            when (cut is WebSocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // A cut is as good as a close; whoever cares asks CloseStatus.
        }

        _closed.TrySetResult(error);
        _shaken.TrySetException(new IOException($"The server closed: {error}"));
        foreach (var answer in _asked.Values)
            answer.TrySetException(new IOException($"The server closed: {error}"));
        _ = _shaken.Task.Exception;
    }

    /// <summary>The error, if it is a close record.</summary>
    private string? Take(string text)
    {
        Records.Enqueue(text);
        var record = JsonSerializer.Deserialize<JsonElement>(text);
        if (!record.TryGetProperty("type", out var type))
        {
            _shaken.TrySetResult(record);
            return record.TryGetProperty("error", out var refused) ? refused.GetString() : null;
        }

        switch (type.GetInt32())
        {
            case 1:
                var push = new HubPush(record.GetProperty("target").GetString()!, record.GetProperty("arguments")[0]);
                Pushes.Enqueue(push);
                _listen?.Invoke(push);
                return null;
            case 3:
                if (_asked.TryRemove(record.GetProperty("invocationId").GetString()!, out var answer))
                    answer.TrySetResult(record);
                return null;
            case 7:
                return record.TryGetProperty("error", out var error) ? error.GetString() : "";
            default:
                return null;
        }
    }
}

/// <summary>Something the server invoked on this client.</summary>
internal sealed record HubPush(string Target, JsonElement Payload)
{
    public T As<T>() => Payload.Deserialize<T>(WireJson.Options)!;
}
