using Parley.Contract;

namespace Parley.Client.Sending;

/// <summary>
/// Where messages wait until the server has them. Every method returns only when what it did survives a power cut (as
/// far as the store promises that); throwing means it did not happen. <see cref="FileOutboxStore"/> or
/// <see cref="MemoryOutboxStore"/>.
/// </summary>
public interface IOutboxStore
{
    /// <summary>What was put and not removed, in no particular order.</summary>
    IReadOnlyList<OutboxItem> Load();

    /// <summary>Adds an item, or replaces the one with its id.</summary>
    void Put(OutboxItem item);

    /// <summary>Forgets an item; does nothing when it is not there.</summary>
    void Remove(MessageId id);
}
