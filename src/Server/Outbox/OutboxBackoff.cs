using Microsoft.Extensions.Options;
using Parley.Server.Kernel;

namespace Parley.Server.Outbox;

/// <summary>When a failed attempt is repeated.</summary>
internal sealed class OutboxBackoff(IOptions<OutboxOptions> options, IChance chance)
{
    public TimeSpan After(long attempt) => Of(
        attempt,
        TimeSpan.FromSeconds(options.Value.BackoffSeconds),
        TimeSpan.FromSeconds(options.Value.BackoffSecondsMax),
        chance.NextDouble());

    /// <summary>
    /// Doubles with each attempt up to the longest; between half of it and all of it by chance, so that what failed
    /// together does not come back together.
    /// </summary>
    public static TimeSpan Of(long attempt, TimeSpan first, TimeSpan longest, double chance)
    {
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, attempt - 1), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * chance)));
    }
}
