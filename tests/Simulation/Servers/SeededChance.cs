using Parley.Server.Kernel;

namespace Parley.Simulation.Servers;

/// <summary>Chance that a seed repeats.</summary>
internal sealed class SeededChance(Random random) : IChance
{
    public Guid NewId(DateTimeOffset now) => Client.Ids.New(now, random);

    public double NextDouble() => random.NextDouble();
}
