using Parley.Client;
using Parley.Simulation.Checks;
using Parley.Simulation.Devices;
using Parley.Simulation.Planted;

namespace Parley.Simulation.Play;

/// <summary>One seed from beginning to end.</summary>
internal static class Run
{
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(45);

    /// <summary>After the last fault: the slowest reconnect, a heartbeat, and the sync it causes.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(120);

    // Worlds wait for the pool while the runner's threads, which are the pool's, wait for worlds. It must not be short.
    static Run() => ThreadPool.SetMinThreads(32, 32);

    public static (IReadOnlyList<Violation> Violations, ulong Trace) Seed(
        int seed, PlantedBug? bug = null, TextWriter? log = null)
    {
        (IReadOnlyList<Violation>, ulong) result = default;
        Exception? failure = null;

        // On a thread of its own: the runner's has a context, with which the SDK would go on elsewhere.
        var thread = new Thread(() =>
        {
            try
            {
                using var world = new World(seed, bug) { Log = log };
                Live(world);
                result = (world.Violations, world.TraceHash);
            }
#pragma warning disable CA1031 // It is told with the seed.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = error;
            }
        }, maxStackSize: 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException($"Seed {seed} broke the world.", failure);
    }

    private static void Live(World world)
    {
        var scene = new Scene(world);
        var nemesis = new Nemesis(world);
        scene.Set();
        scene.Play(Storm);
        nemesis.Rage(Storm);
        world.Time.Run(Storm);
        nemesis.Mend();
        world.Time.Run(Quiet);
        Decide(world);
        var fresh = world.Phones.Select(phone => phone.Person).Distinct()
            .Select(person => world.Add(person, "fresh")).ToList();
        fresh.ForEach(phone => phone.Start());
        world.Time.Run(TimeSpan.FromSeconds(60));
        new Verdict(world).Run(fresh);
        fresh.ForEach(phone => phone.Crash());
    }

    /// <summary>The person looks at what needs a decision, and wants all of it sent.</summary>
    private static void Decide(World world)
    {
        foreach (var phone in world.Phones)
        {
            foreach (var item in phone.Outbox.Load().Where(item => item.State is OutboxState.NeedsConfirmation))
                phone.Client!.ConfirmAsync(item.Id).GetAwaiter().GetResult(); // All run by now.
        }
    }
}
