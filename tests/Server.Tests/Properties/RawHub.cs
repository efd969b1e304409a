using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Properties;

/// <summary>The hub's door, by hand: SignalR's JSON protocol over a socket.</summary>
internal sealed class RawHub : IHand, IAsyncDisposable
{
    private const char End = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _read = new();
    private int _calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RawHub> OpenAsync(TestServer server, HttpClient http)
    {
        var ticket = await TestServer.ReadAsync<LiveTicket>(await http.PostAsync("/api/v1/live/ticket", null, Cancel));
        var hub = new RawHub();
        var address = new UriBuilder(server.Address)
        {
            Scheme = "ws",
            Path = Wire.HubPath,
            Query = "access_token=" + ticket.Ticket,
        };
        await hub._socket.ConnectAsync(address.Uri, Cancel);
        await hub.WriteAsync("""{"protocol":"json","version":1}""");
        await hub.ReadAsync();
        return hub;
    }

    public async Task<string> AskAsync<T>(string verb, T request, ConversationId conversation)
    {
        var call = (++_calls).ToString(System.Globalization.CultureInfo.InvariantCulture);
        object[] arguments = [request!]; // No verb is asked with null.
        await WriteAsync(JsonSerializer.Serialize(
            new { type = 1, invocationId = call, target = verb, arguments }, WireJson.Options));
        while (true)
        {
            using var record = JsonDocument.Parse(await ReadAsync());
            var root = record.RootElement;
            if (!root.TryGetProperty("invocationId", out var id) || id.GetString() != call)
                continue;

            var reply = root.GetProperty("result");
            return reply.TryGetProperty("refusal", out var refusal)
                ? refusal.GetProperty("code").GetString()! // Every refusal has one.
                : reply.GetProperty("value").GetRawText();
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task WriteAsync(string record) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(record + End), WebSocketMessageType.Text, endOfMessage: true, Cancel);

    private async Task<string> ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = _read.ToString();
            if (text.IndexOf(End, StringComparison.Ordinal) is var end and >= 0)
            {
                _read.Remove(0, end + 1);
                return text[..end];
            }

            var got = await _socket.ReceiveAsync(buffer, Cancel);
            _read.Append(Encoding.UTF8.GetString(buffer, 0, got.Count));
        }
    }
}
