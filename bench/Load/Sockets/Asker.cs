using System.Text;

namespace Parley.Load.Sockets;

/// <summary>A connection that asks one question at a time.</summary>
internal sealed class Asker(Loop loop, int port, string accessToken) : Connection(loop, port, accessToken)
{
    /// <summary>Called when the connection is open.</summary>
    public Action<Asker>? Opened { get; set; }

    /// <summary>Called with each answer.</summary>
    public AnswerHandler? Answered { get; set; }

    /// <summary>Takes an answer: the whole completion, as JSON.</summary>
    public delegate void AnswerHandler(Asker asker, ReadOnlySpan<byte> answer);

    protected override void OnOpen(long now) => Opened?.Invoke(this);

    protected override void OnRecord(ReadOnlySpan<byte> record, long now)
    {
        if (SignalR.TypeOf(record) != SignalR.Completion)
            return;

        if (record.IndexOf("\"value\":"u8) < 0)
            throw new InvalidOperationException($"A question was answered with {Encoding.UTF8.GetString(record)}");

        Answered?.Invoke(this, record);
    }
}
