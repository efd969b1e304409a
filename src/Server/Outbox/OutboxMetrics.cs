using System.Diagnostics.Metrics;

namespace Parley.Server.Outbox;

/// <summary>Counts how attempts end. Meter <c>Parley</c>, tag <c>kind</c>.</summary>
internal sealed class OutboxMetrics
{
    private readonly Counter<long> _done;
    private readonly Counter<long> _postponed;
    private readonly Counter<long> _failed;

    public OutboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Parley");
        _done = meter.CreateCounter<long>("parley.outbox.done", "{entry}", "Entries done");
        _postponed = meter.CreateCounter<long>("parley.outbox.postponed", "{attempt}", "Attempts to be repeated");
        _failed = meter.CreateCounter<long>("parley.outbox.failed", "{entry}", "Entries given up until retried");
    }

    public void Done(string kind) => _done.Add(1, Kind(kind));

    public void Postponed(string kind) => _postponed.Add(1, Kind(kind));

    public void Failed(string kind) => _failed.Add(1, Kind(kind));

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);
}
