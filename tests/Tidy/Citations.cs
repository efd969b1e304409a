using System.Text.RegularExpressions;

namespace Parley.Tidy;

/// <summary>The protocol's rules against those who cite them: a rule without a test is a wish.</summary>
internal static partial class Citations
{
    public const string UncitedRule = "uncited";
    public const string UnknownRule = "unknown-rule";
    public const string Protocol = "docs/protocol.md";

    /// <summary>Rules that no test names: neither in a name (<c>SY4_A_resent…</c>) nor in a comment
    /// (<c>SY-4</c>).</summary>
    public static IEnumerable<Finding> Uncited(IReadOnlyCollection<SourceFile> files)
    {
        var cited = files.Where(IsTest).SelectMany(Cited).ToHashSet();
        return Rules(files).Where(rule => !cited.Contains(rule)).Select(rule =>
            new Finding(UncitedRule, rule, $"no test cites this rule of {Protocol}."));
    }

    /// <summary>Citations of rules that the protocol does not have.</summary>
    public static IEnumerable<Finding> Unknown(IReadOnlyCollection<SourceFile> files)
    {
        var rules = Rules(files).ToHashSet();
        var families = rules.Select(rule => rule[..2]).ToHashSet();
        return
            from file in files
            where file.IsCode && !file.IsUnder("tests/Tidy")
            from rule in file.IsUnder("src") ? InComments(file) : Cited(file).Where(id => families.Contains(id[..2]))
            where !rules.Contains(rule)
            select new Finding(UnknownRule, $"{file.Path} {rule}", $"{Protocol} has no such rule.");
    }

    private static bool IsTest(SourceFile file) => file.IsCode && file.IsUnder("tests") && !file.IsUnder("tests/Tidy");

    private static IEnumerable<string> Rules(IEnumerable<SourceFile> files) =>
        files.Where(file => file.Path == Protocol)
            .SelectMany(file => Definition().Matches(file.Text))
            .Select(Id)
            .Distinct();

    private static IEnumerable<string> Cited(SourceFile file) => Citation().Matches(file.Text).Select(Id).Distinct();

    private static IEnumerable<string> InComments(SourceFile file) =>
        RuleComment().Matches(file.Text).SelectMany(match => Citation().Matches(match.Value)).Select(Id).Distinct();

    private static string Id(Match match) => $"{match.Groups[1].Value}-{match.Groups[2].Value}";

    [GeneratedRegex(@"\*\*([A-Z]{2})-(\d+)\*\*")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\b([A-Z]{2})(?:-(\d+)\b|(?<2>\d+)(?=_))")]
    private static partial Regex Citation();

    // "Rule SY-1", "Rules MS-1 to MS-4", "Rules SY-1, SY-2".
    [GeneratedRegex(@"\bRules? [A-Z]{2}-\d+(?:(?:,| to| and) [A-Z]{2}-\d+)*")]
    private static partial Regex RuleComment();
}
