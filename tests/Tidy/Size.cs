using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Parley.Tidy;

/// <summary>Bounds on what one reader has to hold in mind at once.</summary>
internal static class Size
{
    public const string FileRule = "file-size";
    public const string MethodRule = "method-size";
    public const string WidthRule = "line-width";

    private const int FileLinesMax = 300;
    private const int MethodLinesMax = 60;
    private const int LineWidthMax = 120;

    public static IEnumerable<Finding> Files(SourceFile file)
    {
        var lines = file.Text.Count(letter => letter == '\n');
        if (file.IsCode && lines > FileLinesMax)
        {
            yield return new(FileRule, file.Path, $"{lines} lines, at most {FileLinesMax}; split it by noun or verb.");
        }
    }

    public static IEnumerable<Finding> Methods(SourceFile file) =>
        file.IsCSharp && !file.IsGenerated
            ? from member in file.Syntax.DescendantNodes()
              let name = NameOf(member)
              where name is not null
              let lines = LinesOf(member)
              where lines > MethodLinesMax
              select new Finding(
                  MethodRule, $"{file.Path} {name}", $"{lines} lines, at most {MethodLinesMax}; name its steps.")
            : [];

    public static IEnumerable<Finding> Widths(SourceFile file)
    {
        if (!file.IsCSharp || file.IsGenerated)
        {
            return [];
        }

        var wide = file.Lines.Index()
            .Where(line => line.Item.Length > LineWidthMax)
            .Select(line => line.Index + 1)
            .ToList();
        return wide.Count == 0
            ? []
            : [new(WidthRule, file.Path, $"over {LineWidthMax} columns: line {string.Join(", ", wide)}.")];
    }

    private static string? NameOf(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax => "operator",
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        _ => null,
    };

    private static int LinesOf(SyntaxNode member)
    {
        // From the signature to the last brace: attributes and comments above explain a method, they do not lengthen
        // it.
        var signature = member.ChildNodesAndTokens().First(part => !part.IsKind(SyntaxKind.AttributeList));
        var lines = member.SyntaxTree.GetText().Lines;
        return lines.GetLineFromPosition(member.Span.End).LineNumber
            - lines.GetLineFromPosition(signature.SpanStart).LineNumber + 1;
    }
}
