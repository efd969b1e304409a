using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Parley.Tidy;

/// <summary>Every capability introduces itself: its module opens with what the room is for and what it never
/// does.</summary>
internal static class Modules
{
    public const string Rule = "module";

    private const int LinesMin = 3;
    private const int LinesMax = 10;

    public static IEnumerable<Finding> Missing(IReadOnlyCollection<SourceFile> files) =>
        from file in files
        where file is { IsCSharp: true, Room: not null } && Arrows.IsCapability(file.Room)
        group file by file.Room into room
        where !room.Any(IsModule)
        select new Finding(
            Rule, $"src/Server/{room.Key}", "no …Module.cs; a capability is wired in one file, and only there.");

    public static IEnumerable<Finding> Silent(SourceFile file)
    {
        if (!IsModule(file))
        {
            yield break;
        }

        var type = file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>().FirstOrDefault();
        var lines = Math.Max(CommentLines(file.Syntax.GetLeadingTrivia().ToFullString()),
            CommentLines(type?.GetLeadingTrivia().ToFullString() ?? ""));
        if (lines is < LinesMin or > LinesMax)
        {
            yield return new(
                Rule, file.Path,
                $"opens with {lines} lines of comment; {LinesMin} to {LinesMax} on what it is for and never does.");
        }
    }

    private static bool IsModule(SourceFile file) =>
        file.Room is not null && file.Path.EndsWith("Module.cs", StringComparison.Ordinal);

    private static int CommentLines(string trivia) =>
        trivia.Split('\n').Count(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal));
}
