using Parley.Simulation.Devices;

namespace Parley.Simulation.Play;

/// <summary>Cuts, kills, stops and mistakes, as often as the weather says; in the end it mends everything.</summary>
internal sealed class Nemesis(World world)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.5);

    private Weather Weather => world.Weather;

    public void Rage(TimeSpan until) => world.Time.After(Round, () =>
    {
        if (world.Time.Now >= until)
            return;

        Often(Weather.Cuts, () => Weather.Pick(world.Phones).Transport.Link?.Cut());
        Often(Weather.Crashes, () => world.Server?.Crash("killed"));
        Often(Weather.Stops, () => world.Server?.Stop(Weather.Between(0.5, 20)));
        Often(Weather.Restarts, () => Restart(Weather.Pick(world.Phones)));
        Often(Weather.Jumps, () => Jump(Weather.Pick(world.Phones)));
        Often(Weather.Outages, () => Outage(Weather.Chance(0.5), Weather.Between(1, 25)));
        Rage(until);
    });

    public void Mend()
    {
        Weather.Calm();
        world.HasHub = world.HasHttp = true;
        world.Server?.Stop(TimeSpan.Zero);
        foreach (var phone in world.Phones.Where(phone => phone.Client is null))
            phone.Start();
    }

    private void Often(double perSecond, Action fault)
    {
        if (Weather.Chance(perSecond * Round.TotalSeconds))
            fault();
    }

    private void Restart(Phone phone)
    {
        if (phone.Client is null)
            return;

        phone.Crash();
        world.Time.After(Weather.Between(0.1, 10), () =>
        {
            if (phone.Client is null)
                phone.Start();
        });
    }

    private void Jump(Phone phone)
    {
        var by = Weather.Between(-86_400 * 9, 86_400 * 9);
        world.Trace($"clocks jump by {by}");
        if (Weather.Chance(0.5))
        {
            phone.Jump(by);
            return;
        }

        world.ServerSkew += by;
        if (world.Server is { } server)
            server.Clock.Skew = world.ServerSkew;
    }

    private void Outage(bool isWhole, TimeSpan span)
    {
        world.Trace($"no {(isWhole ? "way" : "hub")} for {span}");
        world.HasHub = false;
        world.HasHttp = !isWhole;
        foreach (var phone in world.Phones)
            phone.Transport.Link?.Cut();
        world.Time.After(span, () => world.HasHub = world.HasHttp = true);
    }
}
