using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;

namespace Parley.Load.Talk;

/// <summary>
/// Everybody of a population, connected; warms up, measures, falls silent, and proves that nothing got lost.
/// </summary>
internal sealed class Crowd : IDisposable
{
    // A queue of connections that are not accepted yet holds 512; beyond it the kernel makes people wait a second.
    private const int OpeningMax = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Bench _bench;
    private readonly Traffic _traffic;

    public Crowd(Bench bench, Traffic traffic)
    {
        _bench = bench;
        _traffic = traffic;
        foreach (var talks in bench.Population.Conversations)
        {
            foreach (var member in talks.Members)
                traffic.Talkers.Add(new(Loop, bench.Server.Port, bench.AccessToken(member), traffic, member, talks.Id));
        }
    }

    public Loop Loop { get; } = new();

    /// <summary>Connects the people from <paramref name="first"/> up to before <paramref name="end"/>.</summary>
    public void Open(int first, int end)
    {
        for (var next = first; next < end;)
        {
            var until = Math.Min(next + OpeningMax, end);
            for (; next < until; next++)
                _traffic.Talkers[next].Open();

            Loop.RunUntil(
                $"{until} connections", Patience, () => _traffic.OpenCount == until || _traffic.Trouble is not null);
            ThrowOnTrouble();
        }
    }

    public void OpenAll() => Open(0, _traffic.Talkers.Count);

    /// <summary>Runs the traffic that has been started, and answers the figures of its measured part.</summary>
    public async Task<Result> MeasureAsync(string scenario, Plan plan, CancellationToken cancel)
    {
        Loop.RunFor(plan.WarmUp);
        ThrowOnTrouble();
        var meter = _bench.Meter();
        meter.Start();
        _traffic.Measure(on: true);
        Loop.RunFor(plan.Length);
        _traffic.Measure(on: false);
        meter.Stop();
        ThrowOnTrouble();
        FallSilent();
        var result = new Result
        {
            Scenario = scenario,
            Store = _bench.Store.Kind,
            People = _bench.Population.People.Count,
            MessagesPerSecond = Math.Round(_traffic.Acknowledged / meter.Seconds),
            DeliveriesPerSecond = Math.Round(_traffic.Delivered / meter.Seconds),
        };
        return await VerifyAsync(result.PerMessage(meter, _traffic.Acknowledged).With(_traffic.Latencies), cancel);
    }

    /// <summary>Sends nothing more and waits until everything has arrived, or nothing arrives any more.</summary>
    public void FallSilent()
    {
        _traffic.IsSilent = true;
        Loop.TryRunUntil(Patience, () => _traffic.Trouble is not null || _traffic.IsDone);
        Loop.RunFor(TimeSpan.FromMilliseconds(200)); // Doubles would come late.
        ThrowOnTrouble();
    }

    /// <summary>Adds what got lost or doubled, on the way to people or in the database.</summary>
    public async Task<Result> VerifyAsync(Result result, CancellationToken cancel)
    {
        var onDisk = await _bench.Store.MessagesAsync(cancel) - _bench.Population.Messages;
        var unacknowledged = _traffic.SentTotal - _traffic.Talkers.Sum(talker => (long)talker.Acknowledged);
        Console.Error.WriteLine(
            $"  {_traffic.SentTotal} sent, {unacknowledged} without ack, {onDisk} on disk; "
            + $"the server holds {ProcessFigures.RssKb(_bench.Server.Id) / 1024} MB");
        return result with
        {
            Lost = _traffic.Lost() + Math.Max(0, _traffic.SentTotal - onDisk),
            Duplicated = _traffic.Duplicated + Math.Max(0, onDisk - _traffic.SentTotal),
        };
    }

    public void ThrowOnTrouble()
    {
        if (_traffic.Trouble is { } trouble)
            throw _bench.Server.Broken(trouble);
    }

    public void Dispose() => Loop.Dispose();
}
