using System.Text.RegularExpressions;

namespace Parley.Tidy;

/// <summary>Text that does not belong. Each pattern is written so that it does not find itself.</summary>
internal static partial class Words
{
    public const string UnfinishedRule = "unfinished";
    public const string RegionRule = "region";
    public const string WorkplaceRule = "workplace";

    /// <summary>Unfinished work is an issue or a failing test, never a mark in the code.</summary>
    public static IEnumerable<Finding> Unfinished(SourceFile file) =>
        file.Path.EndsWith(".md", StringComparison.Ordinal)
            ? []
            : Find(file, UnfinishedMark(), UnfinishedRule, "finish it, or open an issue");

    public static IEnumerable<Finding> Regions(SourceFile file) =>
        file.IsCSharp ? Find(file, Region(), RegionRule, "a file that needs folding is too long; split it") : [];

    /// <summary>Where and how the work is done is nobody else's concern: paths, hosts of registries, tools.</summary>
    public static IEnumerable<Finding> Workplace(SourceFile file) =>
        Find(file, WorkplaceWord(), WorkplaceRule, "say it without the place it was made in");

    private static IEnumerable<Finding> Find(SourceFile file, Regex pattern, string rule, string advice) =>
        from line in file.Lines.Index()
        let match = pattern.Match(line.Item)
        where match.Success
        select new Finding(rule, file.Path, $"\"{match.Value.Trim()}\" in line {line.Index + 1}; {advice}.");

    [GeneratedRegex(@"\bT[O]DO\b|\bF[I]XME\b")]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"^\s*#r[e]gion\b")]
    private static partial Regex Region();

    [GeneratedRegex(
        """
        /wor[k]/(main|shared|\.)|/tmp/w[t]/|closing\ not[e]|\bthe\ C[E]O\b|co-authored-b[y]
        |\bclaude\ cod[e]\b|\bAI[- ]generate[d]|//(api|registry)\.n[pu]|\bde[b]\.debian\.
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex WorkplaceWord();
}
