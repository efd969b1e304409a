using Parley.Simulation.Servers;

namespace Parley.Simulation.Play;

/// <summary>
/// What goes wrong, how often. Each seed has a weather of its own: some faults common, some absent, so that each is
/// also met alone. When it is calm nothing goes wrong any more.
/// </summary>
internal sealed class Weather
{
    private readonly Random _chance;

    public Weather(Random chance)
    {
        _chance = chance;
        IsSmooth = Chance(0.15);
        if (!IsSmooth)
        {
            LosesPush = Share(0.3);
            DelaysPush = Share(0.3);
            LosesRequest = Share(0.06);
            LosesAnswer = Share(0.1);
            DelaysRequest = Share(0.1);
        }

        DoublesPush = Share(0.2);
        FailsWrite = Share(0.03);
        DiesInWrite = Share(0.008);
        Cuts = Share(0.5);
        Crashes = Share(0.15);
        Stops = Share(0.15);
        Restarts = Share(0.3);
        Jumps = Share(0.15);
        Outages = Share(0.2);
        KeepsPushOrder = Chance(0.5);
    }

    public bool IsCalm { get; private set; }

    /// <summary>Whether everything on an open link arrives soon.</summary>
    public bool IsSmooth { get; }

    public bool KeepsPushOrder { get; }

    private double LosesPush { get; }

    private double DoublesPush { get; }

    private double DelaysPush { get; }

    private double LosesRequest { get; }

    private double LosesAnswer { get; }

    private double DelaysRequest { get; }

    private double FailsWrite { get; }

    private double DiesInWrite { get; }

    /// <summary>Links cut, per second.</summary>
    public double Cuts { get; }

    /// <summary>Servers killed, per second.</summary>
    public double Crashes { get; }

    /// <summary>Servers stopped for a while, per second.</summary>
    public double Stops { get; }

    /// <summary>Devices killed, per second.</summary>
    public double Restarts { get; }

    /// <summary>Wall clocks set wrong, per second.</summary>
    public double Jumps { get; }

    /// <summary>Times without a hub, or without any way to the server, per second.</summary>
    public double Outages { get; }

    public void Calm() => IsCalm = true;

    public bool Loses() => Strikes(LosesPush);

    public bool Doubles() => Strikes(DoublesPush);

    public bool DropsRequest() => Strikes(LosesRequest);

    public bool DropsAnswer() => Strikes(LosesAnswer);

    public TimeSpan PushTime() => Strikes(DelaysPush) ? Between(0.1, 8) : Between(0.002, 0.04);

    public TimeSpan RequestTime() => Strikes(DelaysRequest) ? Between(0.5, 14) : Between(0.002, 0.04);

    public TimeSpan CommitTime() => Between(0.0005, 0.02);

    public WriteFate NextFate()
    {
        if (Strikes(FailsWrite))
            return WriteFate.Fails;

        return Strikes(DiesInWrite)
            ? (WriteFate)_chance.Next((int)WriteFate.DiesBeforeCommit, (int)WriteFate.DiesAfterPush + 1)
            : WriteFate.Commits;
    }

    public bool Chance(double share) => _chance.NextDouble() < share;

    public TimeSpan Between(double from, double to) =>
        TimeSpan.FromSeconds(from + (to - from) * _chance.NextDouble());

    public int Next(int bound) => _chance.Next(bound);

    public T Pick<T>(IReadOnlyList<T> from) => from[_chance.Next(from.Count)];

    private bool Strikes(double share) => !IsCalm && share > 0 && _chance.NextDouble() < share;

    private double Share(double most) => _chance.NextDouble() < 0.5 ? 0 : most * _chance.NextDouble();
}
