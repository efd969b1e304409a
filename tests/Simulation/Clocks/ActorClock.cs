namespace Parley.Simulation.Clocks;

/// <summary>
/// One computer's clock: its timers follow the world's time, its wall clock may be set wrong. What is due is handed to
/// its owner, who knows whether the computer still runs.
/// </summary>
internal sealed class ActorClock(VirtualTime time, Action<Action> run) : TimeProvider
{
    /// <summary>By how much the wall clock is wrong.</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => VirtualTime.Start + time.Now + Skew;

    public override long GetTimestamp() => time.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(ActorClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;
        private long _setting;

        private VirtualTime Time => clock.Time;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Set(dueTime);
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan dueTime)
        {
            var setting = ++_setting;
            if (dueTime < TimeSpan.Zero)
                return;

            Time.After(dueTime, () => clock.Run(() =>
            {
                if (setting != _setting)
                    return;

                if (_period > TimeSpan.Zero)
                    Set(_period);
                callback();
            }));
        }
    }

    private VirtualTime Time => time;

    private void Run(Action action) => run(action);
}
