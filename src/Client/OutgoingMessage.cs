using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Parley.Contract;

namespace Parley.Client;

/// <summary>A message being sent: where it stands now, how it moves, and its ack.</summary>
public sealed class OutgoingMessage
{
    private readonly TaskCompletionSource<MessageSent> _acked;
    private readonly bool _runsInline;
    private readonly Lock _gate = new();
    private readonly List<Channel<OutboxItem>> _watchers = [];
    private OutboxItem _item;

    internal OutgoingMessage(OutboxItem item, Mailbox mailbox)
    {
        _item = item;
        _runsInline = mailbox.RunsInline;
        _acked = new(mailbox.Promises);
    }

    /// <summary>Its id, for ever.</summary>
    public MessageId Id => Item.Id;

    /// <summary>Where it stands now.</summary>
    public OutboxItem Item => Volatile.Read(ref _item);

    /// <summary>
    /// The ack, whenever it comes: after a failure it may still come, by a retry. Cancelled when the message is
    /// discarded.
    /// </summary>
    public Task<MessageSent> Acked => _acked.Task;

    internal int Attempts { get; set; }

    /// <summary>Whether an attempt got lost: the server may have it.</summary>
    internal bool MayBeThere { get; set; }

    /// <summary>Its states from now on, the present one first; ends when it is sent or discarded.</summary>
    public async IAsyncEnumerable<OutboxItem> StatesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var watcher = Channel.CreateUnbounded<OutboxItem>(
            new() { SingleReader = true, AllowSynchronousContinuations = _runsInline });
        lock (_gate)
        {
            watcher.Writer.TryWrite(_item);
            if (IsOver(_item))
                watcher.Writer.Complete();
            else
                _watchers.Add(watcher);
        }

        await foreach (var item in watcher.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            yield return item;
    }

    internal void Move(OutboxItem item)
    {
        Channel<OutboxItem>[] watchers;
        lock (_gate)
        {
            _item = item;
            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
        {
            watcher.Writer.TryWrite(item);
            if (IsOver(item))
                watcher.Writer.TryComplete();
        }

        if (item.Sent is { } sent)
            _acked.TrySetResult(sent);
        else if (item.State == OutboxState.Discarded)
            _acked.TrySetCanceled();
    }

    private static bool IsOver(OutboxItem item) => item.State is OutboxState.Sent or OutboxState.Discarded;
}
