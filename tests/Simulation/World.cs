using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Simulation.Checks;
using Parley.Simulation.Clocks;
using Parley.Simulation.Devices;
using Parley.Simulation.Planted;
using Parley.Simulation.Play;
using Parley.Simulation.Servers;

namespace Parley.Simulation;

/// <summary>All that one seed makes: a server and its file, people with devices, roads, time, and the judges.</summary>
internal sealed class World : IDisposable
{
    private const int ViolationsMax = 20;

    private readonly Random _chance;
    private readonly string _folder;
    private readonly List<Violation> _violations = [];
    private readonly Dictionary<Phone, Screen> _screens = [];
    private ulong _trace = 14695981039346656037;

    public World(int seed, PlantedBug? bug = null)
    {
        _chance = new(seed);
        Bug = bug;
        Weather = new(new(NextSeed()));
        Truth = new(Violated);
        Witness = new(Truth, Time, Violated);
        Truth.Moved = new Promptness(this).Moved;
        _folder = Template.NewFolder(bug?.Sql);
        Server = new(this, _folder);
    }

    public VirtualTime Time { get; } = new();

    public Weather Weather { get; }

    public Truth Truth { get; }

    public Witness Witness { get; }

    public PlantedBug? Bug { get; }

    /// <summary>Null while none lives.</summary>
    public SimulatedServer? Server { get; private set; }

    public bool HasHub { get; set; } = true;

    public bool HasHttp { get; set; } = true;

    public TimeSpan ServerSkew { get; set; }

    public List<Phone> Phones { get; } = [];

    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Two runs that did the same have the same.</summary>
    public ulong TraceHash => _trace;

    /// <summary>Where the trace is written; null for nowhere.</summary>
    public TextWriter? Log { get; init; }

    public int NextSeed() => _chance.Next();

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _chance.NextBytes(bytes);
        return new(bytes);
    }

    public Phone Add(AccountId person, string name)
    {
        var phone = new Phone(this, person, name);
        _screens.Add(phone, new(name, person, Truth, Violated));
        return phone;
    }

    public void Showed(Phone phone, Client.ParleyClient client, Client.ClientEvent moved)
    {
        Trace(phone.Name, moved);
        _screens[phone].Showed(client, moved);
    }

    public void Restarted(Phone phone) => _screens[phone].Restarted();

    public void Violated(string invariant, string detail)
    {
        Trace($"VIOLATED {invariant} {detail}");
        if (_violations.Count < ViolationsMax)
            _violations.Add(new(invariant, detail, Time.Now));
    }

    /// <summary>Notes that something happened. What it was about is written only where somebody reads it.</summary>
    public void Trace(string line, object? about = null)
    {
        foreach (var letter in line)
            _trace = unchecked((_trace ^ letter) * 1099511628211);
        _trace = unchecked((_trace ^ (ulong)Time.Now.Ticks) * 1099511628211);
        Log?.WriteLine($"{Time.Now.TotalSeconds,10:0.0000} {line} {about}");
    }

    /// <summary>From now on nobody answers.</summary>
    public void ServerDies()
    {
        Server = null;
        Witness.ServerDied();
    }

    /// <summary>The dead one has let go of its file; another one starts on it after a while.</summary>
    public void ServerDied()
    {
        Time.After(Weather.Between(0.2, 8), () => Server ??= new(this, _folder));
    }

    /// <summary>Runs a verb at once, with the world standing still; for making the world.</summary>
    public T Do<T>(Func<SimulatedServer, Task<Outcome<T>>> verb) where T : class
    {
        var answer = verb(Server!); // Asked before anything can die.
        return answer.GetAwaiter().GetResult().Value
            ?? throw new InvalidOperationException("The world could not be made.");
    }

    public void Dispose()
    {
        foreach (var phone in Phones)
            phone.Crash();
        Server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
