using System.Globalization;
using System.Text;
using Parley.Load.Sockets;

namespace Parley.Load.Talk;

/// <summary>A person who sends into one conversation and counts what arrives.</summary>
internal sealed class Talker : Connection
{
    // Four times what a server may queue for one connection (LV-3), so that no time is overwritten before it is asked
    // for.
    private const int RingLength = 1024;
    private const int InvocationAt = 26;

    private readonly Traffic _traffic;
    private readonly long[] _sentAt = new long[RingLength];
    private readonly byte[] _template;
    private readonly int _idAt;

    public Talker(Loop loop, int port, string accessToken, Traffic traffic, int index, Guid conversation)
        : base(loop, port, accessToken)
    {
        _traffic = traffic;
        Index = index;
        var body = new string('x', Traffic.BodyLength);
        var text =
            """{"type":1,"invocationId":"00000000","target":"Send","arguments":["""
            + $$"""{"id":"{{Guid.Empty}}","conversationId":"{{conversation}}","body":"{{body}}"}]}""";
        _template = Encoding.UTF8.GetBytes(text + "\u001e");
        _idAt = text.IndexOf(Guid.Empty.ToString(), StringComparison.Ordinal);
        Seen = [.. Enumerable.Range(0, traffic.Slots).Select(_ => new Seen())];
    }

    public int Index { get; }

    /// <summary>Messages sent so far; they are counted from 0.</summary>
    public uint Sent { get; private set; }

    public uint Acknowledged { get; private set; }

    /// <summary>What arrived, by sender as the traffic numbers those this person hears.</summary>
    public Seen[] Seen { get; }

    /// <summary>
    /// Sends the next message. <paramref name="at"/>: when it was due, from which its latency counts.
    /// </summary>
    public void Send(long at)
    {
        var count = Sent++;
        if (count - Acknowledged >= RingLength)
            throw new InvalidOperationException("A thousand messages of one person wait: the server does not keep up.");

        _sentAt[count % RingLength] = at;
        Write(count);
    }

    /// <summary>
    /// Connects to another server process; resending starts at the first message that was not acknowledged.
    /// </summary>
    public void OpenAgain(int port)
    {
        Dispose();
        Port = port;
        Open();
    }

    /// <summary>Sends again, with their ids, the messages that were not acknowledged.</summary>
    public void Resend()
    {
        for (var count = Acknowledged; count < Sent; count++)
            Write(count);
    }

    public long SentAt(uint count) => _sentAt[count % RingLength];

    protected override void OnOpen(long now) => _traffic.OnOpen(this);

    protected override void OnRecord(ReadOnlySpan<byte> record, long now)
    {
        switch (SignalR.TypeOf(record))
        {
            case SignalR.Invocation:
                var position = 0;
                while (MessageStamp.TryFind(record, ref position, out var sender, out var count))
                    _traffic.Deliver(this, sender, count, now);

                break;

            case SignalR.Completion:
                position = 0;
                if (!MessageStamp.TryFind(record, ref position, out _, out var sent))
                    throw new InvalidOperationException($"A send was answered with {Encoding.UTF8.GetString(record)}");

                Acknowledged++;
                _traffic.Acknowledge(this, sent, now);
                break;
        }
    }

    private void Write(uint count)
    {
        var payload = Reserve(_template.Length);
        _template.CopyTo(payload);
        _ = count.TryFormat(payload.Slice(InvocationAt, 8), out _, "x8", CultureInfo.InvariantCulture);
        MessageStamp.Write(payload[_idAt..], _traffic.UnixMsOf(SentAt(count)), Index, count);
        Seal(_template.Length);
    }
}
