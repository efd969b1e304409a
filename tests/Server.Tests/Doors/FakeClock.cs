namespace Parley.Server.Tests.Doors;

/// <summary>
/// A clock that moves only when it is told to; its timers fire in their order, on the thread that moves it. In a long
/// stride a short period is cut, as on a machine that slept: days of half seconds would take minutes.
/// </summary>
internal sealed class FakeClock(DateTimeOffset? start = null) : TimeProvider
{
    private const int FiresMax = 100;

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _setBy;
    private DateTimeOffset _now = start ?? new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _setBy;
    }

    /// <summary>Passes evenly whatever the clock is set to.</summary>
    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.UtcTicks;
    }

    /// <summary>Sets the clock forward or back. No time passes: timers and timestamps do not notice.</summary>
    public void Set(TimeSpan by)
    {
        lock (_lock)
            _setBy += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end;
        lock (_lock)
            end = _now + by;

        while (TakeDue(end) is { } timer)
            timer.Fire();

        lock (_lock)
            _now = end;
    }

    private Timer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var timer = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            if (timer?.DueAt is not { } due)
                return null;

            _now = due > _now ? due : _now;
            timer.DueAt = timer.Period <= TimeSpan.Zero ? null
                : (end - due) / timer.Period > FiresMax ? end - FiresMax * timer.Period
                : due + timer.Period;
            return timer;
        }
    }

    private sealed class Timer(FakeClock clock, Action fire) : ITimer
    {
        public DateTimeOffset? DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                DueAt = dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
                Period = period;
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
