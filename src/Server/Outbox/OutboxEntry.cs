using System.Text.Json;
using Parley.Contract;

namespace Parley.Server.Outbox;

/// <summary>One claimed piece of work.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Kind">Which handler does it.</param>
/// <param name="Subject">What it is about; unique within its kind.</param>
/// <param name="Payload">What the handler needs, as JSON.</param>
/// <param name="Attempts">The number of this attempt, from 1.</param>
/// <param name="LeaseUntil">Nobody else claims it before. With <paramref name="Attempts"/> it names this claim.</param>
internal sealed record OutboxEntry(
    long Id, string Kind, string Subject, string Payload, long Attempts, DateTimeOffset LeaseUntil)
{
    /// <summary>
    /// What <see cref="OutboxEntries.AddAsync"/> was given. A payload nobody can read stays unreadable.
    /// </summary>
    public T Read<T>() where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Payload, WireJson.Options)
                ?? throw new OutboxTrouble("The payload is null.", isFinal: true);
        }
        catch (JsonException error)
        {
            throw new OutboxTrouble($"The payload is not a {typeof(T).Name}.", isFinal: true, error);
        }
    }
}
