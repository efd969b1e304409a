using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Parley.Load.Sockets;

/// <summary>
/// One person's connection: fetches a ticket, opens the hub with it, shakes hands, then carries invocations and pushes
/// (SignalR's JSON protocol, whose records end with 0x1e).
/// </summary>
internal abstract class Connection(Loop loop, int port, string accessToken) : IDisposable
{
    private const byte RecordEnd = 0x1e;
    private const uint MaskKey = 0x5a17c3e9;

    private readonly List<byte> _record = [];
    private byte[] _output = new byte[1024];
    private byte[] _carry = [];
    private int _outputLength;
    private int _socket = -1;
    private bool _isDirty;
    private bool _isBlocked;
    private Phase _phase;

    private enum Phase
    {
        Closed,
        Ticket,
        Upgrade,
        Handshake,
        Open,
    }

    /// <summary>Where the server listens.</summary>
    protected int Port { get; set; } = port;

    public bool IsOpen => _phase == Phase.Open;

    /// <summary>Why the connection ended although nobody here closed it; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Starts to connect; <see cref="OnOpen"/> follows.</summary>
    public void Open()
    {
        _outputLength = 0;
        _carry = [];
        _record.Clear();
        Trouble = null;
        _socket = Libc.Connect(Port);
        _phase = Phase.Ticket;
        _isBlocked = true; // Until the connection stands.
        loop.Join(this, _socket);
        Append($"POST /api/v1/live/ticket HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nAuthorization: Bearer {accessToken}\r\n"
            + "Content-Length: 0\r\n\r\n");
    }

    /// <summary>Leaves as a crash would: no goodbye.</summary>
    public void Dispose()
    {
        if (_socket < 0)
            return;

        loop.Leave(_socket);
        _ = Libc.Close(_socket);
        _socket = -1;
        _phase = Phase.Closed;
    }

    /// <summary>Invokes a hub method. <paramref name="argument"/> is JSON.</summary>
    public void Invoke(int id, string method, string argument)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":[{{argument}}]}""");
        Frame(Encoding.UTF8.GetBytes(text + (char)RecordEnd));
    }

    /// <summary>Tells the server that this client lives. Rule LV-1.</summary>
    public void Ping() => Frame("{\"type\":6}\u001e"u8);

    internal void Ready(bool writable, bool readable, ref byte[] input)
    {
        if (writable && _isBlocked)
        {
            _isBlocked = false;
            loop.Want(_socket, writable: false);
            Write();
        }

        if (readable && _socket >= 0)
            Read(ref input);
    }

    internal void Write()
    {
        _isDirty = false;
        if (_isBlocked || _outputLength == 0 || _socket < 0)
            return;

        var sent = Libc.Send(_socket, _output.AsSpan(0, _outputLength));
        if (sent < 0 && Libc.LastError != Libc.WouldBlock)
        {
            Fail($"sending failed with error {Libc.LastError}");
            return;
        }

        sent = Math.Max(sent, 0);
        _outputLength -= sent;
        if (_outputLength == 0)
            return;

        _output.AsSpan(sent, _outputLength).CopyTo(_output);
        _isBlocked = true;
        loop.Want(_socket, writable: true);
    }

    protected abstract void OnOpen(long now);

    /// <summary>A completion or an invocation by the server, without its end mark.</summary>
    protected abstract void OnRecord(ReadOnlySpan<byte> record, long now);

    /// <summary>Room for a payload of this length; fill it, then <see cref="Seal"/>.</summary>
    protected Span<byte> Reserve(int payload)
    {
        var length = Frames.HeaderLength(payload) + payload;
        EnsureOutput(length);
        _outputLength += length;
        return _output.AsSpan(_outputLength - payload, payload);
    }

    /// <summary>Frames what was put into the last reservation and queues it for this round's write.</summary>
    protected void Seal(int payload)
    {
        var length = Frames.HeaderLength(payload) + payload;
        Frames.Seal(_output.AsSpan(_outputLength - length, length), Frames.Text, MaskKey);
        Dirty();
    }

    private void Frame(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(Reserve(payload.Length));
        Seal(payload.Length);
    }

    private void Read(ref byte[] input)
    {
        var kept = _carry.Length;
        if (input.Length - kept < input.Length / 2)
            Array.Resize(ref input, input.Length * 2);

        var received = Libc.Receive(_socket, input.AsSpan(kept));
        if (received < 0 && Libc.LastError == Libc.WouldBlock)
            return;

        if (received <= 0)
        {
            Fail(received == 0 ? "the server closed the connection" : $"receiving failed with error {Libc.LastError}");
            return;
        }

        _carry.CopyTo(input, 0);
        var bytes = input.AsSpan(0, kept + received);
        var used = Take(bytes, Loop.Now);
        _carry = used == bytes.Length ? [] : bytes[used..].ToArray();
    }

    private int Take(ReadOnlySpan<byte> bytes, long now)
    {
        var used = 0;
        while (used < bytes.Length && _socket >= 0)
        {
            var next = bytes[used..];
            var step = _phase is Phase.Ticket or Phase.Upgrade ? TakeHttp(next) : TakeFrame(next, now);
            if (step == 0)
                break;

            used += step;
        }

        return _socket < 0 ? bytes.Length : used;
    }

    private int TakeHttp(ReadOnlySpan<byte> bytes)
    {
        if (!HttpAnswer.TryRead(bytes, out var answer))
            return 0;

        if (_phase == Phase.Ticket && answer.Status == 200)
        {
            _phase = Phase.Upgrade;
            Append($"GET /live?access_token={answer.Text("ticket")} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n"
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        }
        else if (_phase == Phase.Upgrade && answer.Status == 101)
        {
            _phase = Phase.Handshake;
            Frame("{\"protocol\":\"json\",\"version\":1}\u001e"u8);
        }
        else
        {
            Fail($"{_phase} was answered with {answer.Status}: {answer.Body}");
        }

        return answer.Length;
    }

    private int TakeFrame(ReadOnlySpan<byte> bytes, long now)
    {
        if (!Frames.TryRead(bytes, out var opcode, out _, out var range))
            return 0;

        var payload = bytes[range];
        if (opcode is Frames.Text or Frames.Continuation)
        {
            TakeRecords(payload, now);
        }
        else if (opcode == Frames.Ping)
        {
            var length = Frames.HeaderLength(payload.Length) + payload.Length;
            payload.CopyTo(Reserve(payload.Length));
            Frames.Seal(_output.AsSpan(_outputLength - length, length), Frames.Pong, MaskKey);
            Dirty();
        }
        else if (opcode == Frames.Close)
        {
            Fail($"the server said goodbye: {Encoding.UTF8.GetString(payload.Length > 2 ? payload[2..] : default)}");
        }

        return range.End.Value;
    }

    private void TakeRecords(ReadOnlySpan<byte> payload, long now)
    {
        while (!payload.IsEmpty && _socket >= 0)
        {
            var end = payload.IndexOf(RecordEnd);
            if (end < 0 || _record.Count > 0)
                _record.AddRange(end < 0 ? payload : payload[..end]);

            if (end < 0)
                return;

            TakeRecord(_record.Count > 0 ? CollectionsMarshal.AsSpan(_record) : payload[..end], now);
            _record.Clear();
            payload = payload[(end + 1)..];
        }
    }

    private void TakeRecord(ReadOnlySpan<byte> record, long now)
    {
        if (_phase == Phase.Open)
        {
            OnRecord(record, now);
        }
        else if (record.SequenceEqual("{}"u8))
        {
            _phase = Phase.Open;
            OnOpen(now);
        }
        else
        {
            Fail($"the handshake was answered with {Encoding.UTF8.GetString(record)}");
        }
    }

    private void Append(string text)
    {
        EnsureOutput(text.Length);
        _outputLength += Encoding.ASCII.GetBytes(text, _output.AsSpan(_outputLength));
        Dirty();
    }

    private void EnsureOutput(int length)
    {
        if (_output.Length - _outputLength < length)
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _outputLength + length));
    }

    private void Dirty()
    {
        if (_isDirty)
            return;

        _isDirty = true;
        loop.Flush(this);
    }

    private void Fail(string trouble)
    {
        Trouble = trouble;
        Dispose();
    }
}
