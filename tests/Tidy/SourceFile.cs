using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Parley.Tidy;

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
/// <param name="Text">All of it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] CodeExtensions = [".cs", ".ts", ".tsx", ".css", ".js", ".sh"];

    private CompilationUnitSyntax? syntax;

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsGenerated =>
        Path.Contains(".gen.", StringComparison.Ordinal)
        || Path.Contains(".g.", StringComparison.Ordinal)
        || Path.StartsWith("src/Web/src/contract/", StringComparison.Ordinal);

    /// <summary>Written by hand to be run: what the bounds on size are for.</summary>
    public bool IsCode =>
        !IsGenerated
        && (CodeExtensions.Contains(System.IO.Path.GetExtension(Path))
            || Text.StartsWith("#!", StringComparison.Ordinal));

    public IReadOnlyList<string> Lines => Text.Split('\n');

    /// <summary>The folder right under src/Server; null for anything else.</summary>
    public string? Room => Path.Split('/') is ["src", "Server", var room, _, ..] ? room : null;

    public CompilationUnitSyntax Syntax => syntax ??= CSharpSyntaxTree.ParseText(Text).GetCompilationUnitRoot();

    public bool IsUnder(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}
