namespace Parley.Tidy;

/// <summary>One place where the repository breaks one rule of the house.</summary>
/// <param name="Rule">The rule's name, as exceptions.txt writes it.</param>
/// <param name="Subject">Where; stable when lines move, so that an exception keeps matching.</param>
/// <param name="Detail">What was found, and what to do about it.</param>
internal sealed record Finding(string Rule, string Subject, string Detail)
{
    public string Key => $"{Rule} {Subject}";

    public override string ToString() => $"{Key}: {Detail}";
}
