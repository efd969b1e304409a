using System.Net.Sockets;
using System.Text;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Live;

/// <summary>A WebSocket made of bytes, for frames that no library sends and for a reader that never reads.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    public const byte Text = 0x81;
    public const byte Close = 0x88;
    public const byte Ping = 0x89;
    public const byte Pong = 0x8A;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawSocket(TcpClient client) => (_client, _stream) = (client, client.GetStream());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="server">Which.</param>
    /// <param name="session">Whose.</param>
    /// <param name="receiveBytes">What the kernel takes for it while it does not read; 0: as much as it likes.</param>
    public static async Task<RawSocket> OpenAsync(TestServer server, SignedIn session, int receiveBytes = 0)
    {
        var ticket = await HubLine.TicketAsync(server, session);
        var client = new TcpClient();
        if (receiveBytes > 0)
            client.ReceiveBufferSize = receiveBytes;
        await client.ConnectAsync(server.Address.Host, server.Address.Port, Cancel);
        var socket = new RawSocket(client);
        await socket._stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {Wire.HubPath}?access_token={ticket} HTTP/1.1\r\nHost: {server.Address.Authority}\r\n"
            + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), Cancel);
        Assert.StartsWith("HTTP/1.1 101", await socket.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        return socket;
    }

    public async Task ShakeAsync()
    {
        await SendAsync(Text, Record(HubLine.Handshake));
        await ReadUntilAsync("{}\u001e");
    }

    public static byte[] Record(string json) => [.. Encoding.UTF8.GetBytes(json), 0x1E];

    /// <summary>One frame, as wrong as asked.</summary>
    public Task SendAsync(byte head, byte[] payload, bool isMasked = true)
    {
        var mask = isMasked ? (byte)0x80 : (byte)0;
        List<byte> frame = [head];
        if (payload.Length < 126)
            frame.Add((byte)(mask | payload.Length));
        else
            frame.AddRange([(byte)(mask | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
        if (isMasked)
            frame.AddRange([0, 0, 0, 0]); // a mask that changes nothing is a mask
        return SendBytesAsync([.. frame, .. payload]);
    }

    public async Task SendBytesAsync(byte[] bytes) => await _stream.WriteAsync(bytes, Cancel);

    /// <summary>Reads to the end, and answers what came, as far as it is text.</summary>
    public async Task<string> ReadToEndAsync(TimeSpan within)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(within);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(buffer, patience.Token) is > 0 and var count)
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // Reset is an end, too.
        }

        return text.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadUntilAsync(string end)
    {
        var text = "";
        var octet = new byte[1];
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await _stream.ReadAsync(octet, Cancel) == 1, "closed after " + text);
            text += (char)octet[0];
        }

        return text;
    }
}
