using System.ComponentModel.DataAnnotations;

namespace Parley.Server.Outbox;

/// <summary>Section <c>Outbox</c>.</summary>
internal sealed class OutboxOptions : IValidatableObject
{
    /// <summary>Entries this process works on at the same time. Count.</summary>
    [Range(1, 64)] public int ConcurrencyMax { get; init; } = 4;

    /// <summary>
    /// How often the worker looks for entries that became due, or that other processes left. Seconds.
    /// </summary>
    [Range(1, 60)] public int PollSeconds { get; init; } = 2;

    /// <summary>An attempt that takes longer is stopped and counts as failed. Seconds.</summary>
    [Range(1, 1800)] public int AttemptSeconds { get; init; } = 30;

    /// <summary>
    /// How long an entry belongs to who claimed it; a killed process's entries are taken over after that. Longer than
    /// <see cref="AttemptSeconds"/>, and than the clocks of the nodes may differ. Seconds.
    /// </summary>
    [Range(5, 3600)] public int LeaseSeconds { get; init; } = 60;

    /// <summary>
    /// Attempts before an entry counts as failed, where its kind does not say. Count. Requirement OQ-05.
    /// </summary>
    [Range(1, 100)] public int AttemptsMax { get; init; } = 3;

    /// <summary>The same for single kinds, over what the kind says itself. 1 to 100 each.</summary>
    public Dictionary<string, int> AttemptsMaxByKind { get; init; } = [];

    /// <summary>Wait before the second attempt; doubles with each further one, half of it by chance. Seconds.</summary>
    [Range(1, 3600)] public int BackoffSeconds { get; init; } = 10;

    /// <summary>No wait is longer. Seconds.</summary>
    [Range(1, 86_400)] public int BackoffSecondsMax { get; init; } = 3600;

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseSeconds <= AttemptSeconds)
        {
            yield return new(
                "Outbox:LeaseSeconds must be more than Outbox:AttemptSeconds, or two would run one entry.",
                [nameof(LeaseSeconds)]);
        }

        foreach (var (kind, attempts) in AttemptsMaxByKind.Where(limit => limit.Value is < 1 or > 100))
        {
            yield return new(
                $"Outbox:AttemptsMaxByKind:{kind} is {attempts}; it must be 1 to 100.", [nameof(AttemptsMaxByKind)]);
        }
    }
}
