using Microsoft.Extensions.DependencyInjection;
using Parley.Client.Connecting;
using Parley.Client.Sending;
using Parley.Server.Fanout;
using Parley.Server.Kernel;
using Parley.Simulation.Devices;
using Parley.Simulation.Servers;

namespace Parley.Simulation.Planted;

/// <summary>
/// A mistake somebody could make, put into a world on purpose. It replaces or wraps a part; the product has no switch
/// for it. What is not overridden is as it should be.
/// </summary>
internal abstract class PlantedBug
{
    /// <summary>The mistake, as one would find it in a review.</summary>
    public abstract string Name { get; }

    /// <summary>The invariants it breaks: one of them must find it.</summary>
    public abstract IReadOnlyList<string> CaughtBy { get; }

    /// <summary>Statements run on the fresh database.</summary>
    public virtual string? Sql => null;

    public virtual bool AnswersEarly => false;

    public virtual bool SubscribesLate => false;

    public virtual void Configure(IServiceCollection services)
    {
    }

    public virtual Hub? Hub(IServiceProvider services, Caller caller) => null;

    public virtual IFanout? Fanout(IFanout lines) => null;

    public virtual IOutboxStore? Outbox(Phone phone, IOutboxStore store) => null;

    public virtual ITransport? Roads(Phone phone, ITransport roads) => null;
}
