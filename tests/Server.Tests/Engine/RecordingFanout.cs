using System.Collections.Concurrent;
using Parley.Contract;
using Parley.Server.Fanout;

namespace Parley.Server.Tests.Engine;

/// <summary>Keeps every push in the order it was published.</summary>
internal sealed class RecordingFanout : IFanout
{
    private readonly ConcurrentQueue<Push> _pushes = new();

    public IReadOnlyList<Push> All => [.. _pushes];

    public void Publish(Push push) => _pushes.Enqueue(push);

    /// <summary>What one person was pushed.</summary>
    public IReadOnlyList<T> To<T>(AccountId account) =>
        [.. _pushes.Where(push => push.Recipients.Contains(account)).Select(push => push.Payload).OfType<T>()];
}
