namespace Parley.Server.Expiry;

/// <summary>
/// Server time without its jumps: while this process runs it advances by what the monotonic clock says, whatever the
/// wall clock is set to; over a downtime it advances by the wall clock, which is all there is then, and never goes
/// back. The database keeps it (<see cref="SweepProgress.Steady"/>), so that all nodes continue the same one.
/// </summary>
internal sealed class SteadyTime(TimeProvider time)
{
    private Reading? _last;

    /// <summary>Now, given what the database knows. <see cref="Keep"/> it once it is committed.</summary>
    public Reading Read(SweepProgress known)
    {
        var wall = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var timestamp = time.GetTimestamp();
        if (known.IsNew)
            return new(wall, wall, timestamp);

        // Another node may have moved it on since; whoever is ahead is right, because nobody ever runs fast.
        var steady = _last is { } last
            ? last.Steady + time.GetElapsedTime(last.Timestamp, timestamp)
            : known.Steady + (wall - known.Wall);
        return new(steady > known.Steady ? steady : known.Steady, wall, timestamp);
    }

    public void Keep(Reading reading) => _last = reading;

    /// <param name="Steady">Time that passed, as a date; equal to the wall clock as long as nobody sets it.</param>
    /// <param name="Wall">The wall clock.</param>
    /// <param name="Timestamp">The monotonic clock of this process.</param>
    internal sealed record Reading(DateTimeOffset Steady, DateTimeOffset Wall, long Timestamp);
}
