using System.Collections.Concurrent;
using Parley.Server.Outbox;

namespace Parley.Server.Tests.Outbox;

/// <summary>
/// Work that a test looks on at: which entries ran, whether two ran one at the same time, and how they end.
/// </summary>
internal sealed class Work(Func<OutboxEntry, CancellationToken, Task>? act = null, int? attemptsMax = null)
    : IOutboxHandler
{
    public const string KindName = "test-work";

    private readonly ConcurrentDictionary<string, int> _running = [];
    private readonly ConcurrentQueue<string> _ran = [];

    public string Kind => KindName;

    public int? AttemptsMax => attemptsMax;

    /// <summary>Subjects in the order their attempts began.</summary>
    public IReadOnlyList<string> Ran => [.. _ran];

    /// <summary>Whether an attempt began while another one of the same entry was running.</summary>
    public bool Overlapped { get; private set; }

    public async Task RunAsync(OutboxEntry entry, CancellationToken cancel)
    {
        _ran.Enqueue(entry.Subject);
        if (_running.AddOrUpdate(entry.Subject, 1, (_, count) => count + 1) > 1)
            Overlapped = true;

        try
        {
            await Task.Yield();
            await (act?.Invoke(entry, cancel) ?? Task.CompletedTask);
        }
        finally
        {
            _running.AddOrUpdate(entry.Subject, 0, (_, count) => count - 1);
        }
    }
}
