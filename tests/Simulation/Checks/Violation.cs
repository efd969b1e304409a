namespace Parley.Simulation.Checks;

/// <summary>An invariant that did not hold.</summary>
/// <param name="Invariant">Its name in the list of invariants, or the protocol's rule.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="At">Since the world began.</param>
internal sealed record Violation(string Invariant, string Detail, TimeSpan At)
{
    public override string ToString() => $"{Invariant} at {At.TotalSeconds:0.000} s: {Detail}";
}
