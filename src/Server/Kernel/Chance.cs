namespace Parley.Server.Kernel;

/// <summary>Chance and identity, injected so that a simulation replays both. Thread-safe.</summary>
internal interface IChance
{
    /// <summary>A UUIDv7 at the given instant.</summary>
    Guid NewId(DateTimeOffset now);

    /// <summary>A number in [0, 1).</summary>
    double NextDouble();
}

/// <summary>The system's chance.</summary>
internal sealed class SystemChance : IChance
{
    public Guid NewId(DateTimeOffset now) => Guid.CreateVersion7(now);

    public double NextDouble() =>
        System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
