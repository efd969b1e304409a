namespace Parley.Load;

/// <summary>What to measure, as the command line says it. Null: the scenario's own choice.</summary>
internal sealed record Plan
{
    /// <summary>A name in <see cref="Scenarios.Scenarios.All"/>.</summary>
    public required string Scenario { get; init; }

    /// <summary>The published server.</summary>
    public required string Server { get; init; }

    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public required string Store { get; init; }

    public int? People { get; init; }

    /// <summary>Length of the measured part of a run; warming up comes before it.</summary>
    public required int Seconds { get; init; }

    /// <summary>Messages a second, of an open loop.</summary>
    public int? Rate { get; init; }

    /// <summary>Messages in the database before the run.</summary>
    public long? Rows { get; init; }

    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Clamp(Seconds / 2, 1, 5));

    public TimeSpan Length => TimeSpan.FromSeconds(Seconds);
}
