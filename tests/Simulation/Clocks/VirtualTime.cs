namespace Parley.Simulation.Clocks;

/// <summary>
/// The one line of time of a simulated world. Whatever is to happen waits here for its instant; one thing happens at a
/// time, and of two at the same instant the one asked for first.
/// </summary>
internal sealed class VirtualTime
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long At, long Order)> _steps = new();
    private long _order;

    /// <summary>Since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many things have happened.</summary>
    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action step)
    {
        var at = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _steps.Enqueue(step, (at.Ticks, _order++));
    }

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (_steps.TryPeek(out var step, out var key) && key.At <= end.Ticks)
        {
            _steps.Dequeue();
            Now = new(key.At);
            Steps++;
            step();
        }

        Now = end;
    }
}
