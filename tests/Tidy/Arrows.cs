using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Parley.Tidy;

/// <summary>Which room of src/Server may know which. A room is a folder; its namespace says which one.</summary>
internal static partial class Arrows
{
    public const string Rule = "arrow";
    public const string NamespaceRule = "namespace";

    private const string Prefix = "Parley.Server.";
    private const int CapabilityRank = 4;

    /// <summary>
    /// The arrows between rooms of the same height. ARCHITECTURE.md says the same, with the reason for each; one that
    /// nobody uses any more fails.
    /// </summary>
    public static readonly IReadOnlyList<string> Sideways =
    [
        "Conversations → Sync",
        "Demo → Accounts",
        "Demo → Conversations",
        "Demo → Messages",
        "Direct → Conversations",
        "Direct → Messages",
        "Expiry → Messages",
        "Journal → Fanout",
        "Receipts → Messages",
        "Sync → Messages",
        "Typing → Messages",
    ];

    private static readonly Dictionary<string, int> Ranks = new()
    {
        ["Kernel"] = 1,
        ["Storage"] = 2,
        ["Journal"] = 3,
        ["Fanout"] = 3,
        ["Outbox"] = 3,
        ["Live"] = 5,
        ["Host"] = 6,
    };

    public static bool IsCapability(string room) => RankOf(room) == CapabilityRank;

    /// <summary>Arrows that point up, and sideways ones that nobody agreed to.</summary>
    public static IEnumerable<Finding> Broken(SourceFile file, IReadOnlyCollection<string> sideways) =>
        from arrow in From(file)
        let ends = arrow.Split(" → ")
        let drop = RankOf(ends[0]) - RankOf(ends[1])
        where drop < 0 || (drop == 0 && !sideways.Contains(arrow))
        select new Finding(
            Rule, $"{file.Path} {ends[1]}", drop < 0
                ? $"{arrow} points up; let {ends[0]} define a port that {ends[1]} implements."
                : $"{arrow} points sideways and is not on the list in ARCHITECTURE.md and Arrows.cs.");

    /// <summary>The arrows of the same height that are really used.</summary>
    public static IReadOnlyList<string> UsedSideways(IEnumerable<SourceFile> files) =>
    [
        .. from arrow in files.SelectMany(From).Distinct()
           let ends = arrow.Split(" → ")
           where RankOf(ends[0]) == RankOf(ends[1])
           orderby arrow
           select arrow,
    ];

    /// <summary>The list under a heading with the word "sideways": <c>- Receipts → Messages: why</c>.</summary>
    public static IReadOnlyList<string> Described(string architecture) =>
    [
        .. architecture.Split("\n#")
            .Where(section => section.Split('\n')[0].Contains("sideways", StringComparison.OrdinalIgnoreCase))
            .SelectMany(section => Bullet().Matches(section))
            .Select(match => $"{match.Groups[1].Value} → {match.Groups[2].Value}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A namespace that does not follow the folder would hide an arrow.</summary>
    public static IEnumerable<Finding> Namespaces(SourceFile file)
    {
        if (!file.IsCSharp || !file.IsUnder("src"))
        {
            yield break;
        }

        var expected = "Parley." + string.Join('.', file.Path.Split('/')[1..^1]);
        var other = file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            .Select(space => space.Name.ToString())
            .FirstOrDefault(name => name != expected);
        if (other is not null)
        {
            yield return new(NamespaceRule, file.Path, $"namespace {other} stands in the folder of {expected}.");
        }
    }

    private static IEnumerable<string> From(SourceFile file) =>
        file is { IsCSharp: true, Room: { } room }
            ? file.Syntax.DescendantNodes()
                .Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax)
                .Select(RoomOf)
                .OfType<string>()
                .Where(target => target != room)
                .Distinct()
                .Select(target => $"{room} → {target}")
            : [];

    private static string? RoomOf(SyntaxNode name)
    {
        var text = name.ToString().Replace("global::", "", StringComparison.Ordinal);
        return text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('.', '<', '(')[0] : null;
    }

    private static int RankOf(string room) => Ranks.GetValueOrDefault(room, CapabilityRank);

    [GeneratedRegex(@"^[-*] `?(\w+) → (\w+)", RegexOptions.Multiline)]
    private static partial Regex Bullet();
}
