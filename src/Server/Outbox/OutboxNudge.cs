using System.Threading.Channels;

namespace Parley.Server.Outbox;

/// <summary>Wakes one idle lane of this process's worker. Many nudges before it wakes are one.</summary>
internal sealed class OutboxNudge
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Nudge() => _channel.Writer.TryWrite(true);

    public IAsyncEnumerable<bool> ReadAllAsync(CancellationToken cancel) => _channel.Reader.ReadAllAsync(cancel);
}
