using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Parley.Client;

/// <summary>
/// Hands every event to every listener, in order. A listener that does not read holds what it has not read.
/// </summary>
internal sealed class Broadcast(bool runsInline)
{
    private readonly Lock _gate = new();
    private readonly List<ChannelWriter<ClientEvent>> _listeners = [];
    private bool _isClosed;

    public IAsyncEnumerable<ClientEvent> ListenAsync(CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<ClientEvent>(
            new() { SingleReader = true, AllowSynchronousContinuations = runsInline });
        lock (_gate)
        {
            if (_isClosed)
                channel.Writer.Complete();
            else
                _listeners.Add(channel.Writer);
        }

        return ReadAsync(channel, cancel);
    }

    public void Raise(ClientEvent moved)
    {
        foreach (var listener in Listeners())
            listener.TryWrite(moved);
    }

    public void Close()
    {
        lock (_gate)
            _isClosed = true;
        foreach (var listener in Listeners())
            listener.TryComplete();
    }

    private ChannelWriter<ClientEvent>[] Listeners()
    {
        lock (_gate)
            return [.. _listeners];
    }

    private async IAsyncEnumerable<ClientEvent> ReadAsync(
        Channel<ClientEvent> channel, [EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            await foreach (var moved in channel.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
                yield return moved;
        }
        finally
        {
            lock (_gate)
                _listeners.Remove(channel.Writer);
        }
    }
}
