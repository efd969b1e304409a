using System.ComponentModel.DataAnnotations;

namespace Parley.Server.Kernel;

/// <summary>How much one person, or one address, may ask for. Section <c>RateLimits</c>. Requirement SEC-07.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Turns limiting off. For load tests on a closed network only.</summary>
    public bool IsOff { get; init; }

    /// <summary>Calls a person may make at once, on all devices and both doors together. Count.</summary>
    [Range(1, 100_000)] public int PersonBurst { get; init; } = 120;

    /// <summary>Calls a person may make in the long run. Count a second.</summary>
    [Range(0.1, 10_000)] public double PersonPerSecond { get; init; } = 30;

    /// <summary>
    /// Requests without a valid session that one address may make at once: a whole school may sign in from behind one
    /// address when the bell rings. Count.
    /// </summary>
    [Range(1, 100_000)] public int AddressBurst { get; init; } = 300;

    /// <summary>Requests without a valid session from one address in the long run. Count a second.</summary>
    [Range(0.1, 10_000)] public double AddressPerSecond { get; init; } = 10;
}
