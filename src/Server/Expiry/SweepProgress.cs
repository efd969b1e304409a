using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Expiry;

/// <summary>
/// How far the sweep is, and how to place the messages ahead of it in steady time. Kept in <c>meta</c>.
/// </summary>
/// <param name="Row">Every message up to this row was examined.</param>
/// <param name="Steady">Steady time of the last look.</param>
/// <param name="Wall">Wall clock of the last look.</param>
/// <param name="Looks">What was seen ahead of <paramref name="Row"/>, oldest first. About one an hour over seven
/// days.</param>
internal sealed record SweepProgress(
    long Row, DateTimeOffset Steady, DateTimeOffset Wall, IReadOnlyList<SweepProgress.Look> Looks)
{
    private const string Name = "expiry";
    private static readonly SweepProgress Unknown = new(0, DateTimeOffset.MinValue, DateTimeOffset.MinValue, []);
    private static readonly TimeSpan Drift = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookMax = TimeSpan.FromHours(1);

    [JsonIgnore] public bool IsNew => Steady == DateTimeOffset.MinValue;

    /// <summary>The last row that was seen. Later ones cannot be placed yet, and are too young anyway.</summary>
    [JsonIgnore] public long HeadRow => Looks.Count == 0 ? Row : Looks[^1].Row;

    /// <summary>Reads it and keeps it from other nodes until commit.</summary>
    public static async Task<SweepProgress> TakeAsync(Transaction turn)
    {
        await turn.ExecuteAsync(
            "INSERT INTO meta (name, value) VALUES (@Name, 'null') ON CONFLICT (name) DO NOTHING", new { Name });
        var value = await turn.SingleAsync<string>(
            $"SELECT value FROM meta WHERE name = @Name {turn.Database.ForUpdate}", new { Name });
        return JsonSerializer.Deserialize<SweepProgress>(value, WireJson.Options) ?? Unknown;
    }

    public Task SaveAsync(Transaction turn) => turn.ExecuteAsync(
        "UPDATE meta SET value = @value WHERE name = @Name",
        new { Name, value = JsonSerializer.Serialize(this, WireJson.Options) });

    /// <summary>Remembers that the rows up to <paramref name="headRow"/> are there by now.</summary>
    public SweepProgress After(SteadyTime.Reading now, long headRow)
    {
        var seen = this with { Steady = now.Steady, Wall = now.Wall };
        var last = Looks.Count == 0 ? null : Looks[^1];
        if (headRow <= HeadRow)
            return seen;

        var look = new Look(headRow, Steady, now.Steady, (long)(now.Wall - now.Steady).TotalMilliseconds);
        return last is not null && look.Continues(last)
            ? seen with { Looks = [.. Looks.SkipLast(1), look with { From = last.From }] }
            : seen with { Looks = [.. Looks, look] };
    }

    /// <summary>Never back: another node may have been further.</summary>
    public SweepProgress MovedTo(long row) => row <= Row
        ? this
        : this with { Row = row, Looks = [.. Looks.Where(look => look.Row > row)] };

    /// <summary>
    /// When a message was sent, in steady time. Its stamp says it exactly as long as the clock that stamped it was
    /// the one the look was made with; a stamp from before a jump, or from a node whose clock is wrong, is bounded by
    /// what is known anyway: after the look before, and before this one. That is off by one sweep at the most.
    /// </summary>
    public DateTimeOffset SentAt(long row, DateTimeOffset stamp)
    {
        var look = Looks.First(look => row <= look.Row);
        // In milliseconds, because the first look reaches back to the first of dates.
        var sent = stamp.ToUnixTimeMilliseconds() - look.AheadMs;
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
            sent, look.From.ToUnixTimeMilliseconds(), look.To.ToUnixTimeMilliseconds()));
    }

    /// <summary>The rows after the look before, up to <paramref name="Row"/>, appeared between two instants.</summary>
    /// <param name="Row">The last row there was.</param>
    /// <param name="From">Steady time of the look before.</param>
    /// <param name="To">Steady time of this look.</param>
    /// <param name="AheadMs">How far the wall clock was ahead of steady time. Milliseconds.</param>
    internal sealed record Look(long Row, DateTimeOffset From, DateTimeOffset To, long AheadMs)
    {
        /// <summary>One look does for a stretch in which nobody set the clock.</summary>
        public bool Continues(Look before) =>
            Math.Abs(AheadMs - before.AheadMs) < Drift.TotalMilliseconds && To - before.From < LookMax;
    }
}
