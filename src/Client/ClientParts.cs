using Parley.Contract;

namespace Parley.Client;

/// <summary>
/// What a client needs of the world: a way to the server, two stores, a clock and chance. A simulation brings all of
/// them; applications use <see cref="ParleyClientOptions"/>.
/// </summary>
public sealed record ClientParts
{
    /// <summary>The way to the server.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>Whose client this is.</summary>
    public required AccountId Me { get; init; }

    /// <summary>Keeps the cache. In memory unless said otherwise.</summary>
    public IStore Store { get; init; } = new MemoryStore();

    /// <summary>Keeps the outbox. In memory unless said otherwise.</summary>
    public IOutboxStore OutboxStore { get; init; } = new MemoryOutboxStore();

    /// <summary>The clock of every wait and time-out.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Chance, for message ids and jitter. Used under a lock of its own.</summary>
    public Random Chance { get; init; } = new();

    /// <summary>
    /// Whether code that waits for this client runs on the very call that completes it. False for applications; true
    /// in a simulation, where everything happens on one thread.
    /// </summary>
    public bool RunsInline { get; init; }
}
