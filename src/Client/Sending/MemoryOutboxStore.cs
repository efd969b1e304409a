using Parley.Contract;

namespace Parley.Client.Sending;

/// <summary>Keeps the outbox as long as this object lives.</summary>
public sealed class MemoryOutboxStore : IOutboxStore
{
    private readonly Dictionary<MessageId, OutboxItem> _items = [];

    /// <inheritdoc/>
    public IReadOnlyList<OutboxItem> Load() => [.. _items.Values];

    /// <inheritdoc/>
    public void Put(OutboxItem item) => _items[item.Id] = item;

    /// <inheritdoc/>
    public void Remove(MessageId id) => _items.Remove(id);
}
