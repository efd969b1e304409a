using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Parley.Tidy;

/// <summary>What things are called, and how many of them share a file.</summary>
internal static partial class Names
{
    public const string WordRule = "name";
    public const string TypesRule = "types";

    private const int CompanionLinesMax = 10;
    private const int CompanionsMax = 2;

    // Words that say nothing about what a thing is for; a name may not end with one.
    private static readonly HashSet<string> Banned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Base", "Impl",
        "Data",
    };

    /// <summary>Folders, files and types.</summary>
    public static IEnumerable<Finding> Words(SourceFile file)
    {
        if (!file.IsCode)
        {
            return [];
        }

        var parts = file.Path.Split('/').SkipLast(1).Append(file.Name).Where(EndsBadly);
        var types = file.IsCSharp
            ? file.Syntax.DescendantNodes()
                .OfType<BaseTypeDeclarationSyntax>()
                .Select(type => type.Identifier.Text)
                .Where(EndsBadly)
            : [];
        return parts.Union(types).Select(name =>
            new Finding(WordRule, $"{file.Path} {name}", "the last word says nothing; name what it is for."));
    }

    /// <summary>
    /// One type a file; beside it at most two small ones (10 lines) that make sense only together with it. In Contract
    /// a file is a subject: its records, enums and interfaces stand together.
    /// </summary>
    public static IEnumerable<Finding> Types(SourceFile file)
    {
        if (!file.IsCSharp || !file.IsUnder("src"))
        {
            yield break;
        }

        var inContract = file.IsUnder("src/Contract");
        var types = file.Syntax.DescendantNodes(node => node is not BaseTypeDeclarationSyntax)
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .ToList();
        var companions = types.Count(type => IsSmall(type) || (inContract && IsWireType(type)));
        if (types.Count - companions > 1 || (!inContract && types.Count > 1 + CompanionsMax))
        {
            var text = $"{types.Count} types; one a file, beside it at most two small ones.";
            yield return new(TypesRule, file.Path, text);
        }
    }

    private static bool EndsBadly(string name) => Word().Matches(name) is [.., var last] && Banned.Contains(last.Value);

    private static bool IsWireType(SyntaxNode type) =>
        type is RecordDeclarationSyntax or EnumDeclarationSyntax or InterfaceDeclarationSyntax;

    private static bool IsSmall(SyntaxNode type) =>
        type.ToString().Count(letter => letter == '\n') < CompanionLinesMax;

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Word();
}
