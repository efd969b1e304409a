using Xunit;

namespace Parley.Tidy;

/// <summary>Each rule, shown one breach that it must find and its neighbour that it must leave alone.</summary>
public sealed class PlantedTests
{
    [Theory]
    [InlineData(300, 0)]
    [InlineData(301, 1)]
    public void A_file_of_301_lines_is_too_long(int lines, int breaches) =>
        Assert.Equal(breaches, Size.Files(Source(Lines(lines))).Count());

    [Theory]
    [InlineData(56, 0)]
    [InlineData(57, 1)]
    public void A_method_of_61_lines_is_too_long(int statements, int breaches)
    {
        var text = $"class A\n{{\n[Fact]\n// Why.\nvoid B(\n)\n{{\n{Lines(statements)}}}\n}}\n";
        Assert.Equal(breaches, Size.Methods(Source(text)).Count());
    }

    [Theory]
    [InlineData(120, 0)]
    [InlineData(121, 1)]
    public void A_line_of_121_columns_is_too_wide(int columns, int breaches) =>
        Assert.Equal(breaches, Size.Widths(Source(new string('/', columns))).Count());

    [Theory]
    [InlineData("class SendManager;", 1)]
    [InlineData("class ManagerOfStudies;", 0)]
    [InlineData("class Outer { class HttpBase; }", 1)]
    [InlineData("class SqliteDatabase;", 0)]
    [InlineData("enum SMSImpl { }", 1)]
    public void A_type_may_not_end_with_an_empty_word(string text, int breaches) =>
        Assert.Equal(breaches, Names.Words(Source(text)).Count());

    [Theory]
    [InlineData("src/Server/Messages/Utils/Cut.cs", 1)]
    [InlineData("src/Server/Messages/MessageHelper.cs", 1)]
    [InlineData("src/Web/src/features/thread-utils.ts", 1)]
    [InlineData("src/Server/Messages/Cut.cs", 0)]
    public void A_path_may_not_end_with_an_empty_word(string path, int breaches) =>
        Assert.Equal(breaches, Names.Words(new SourceFile(path, "")).Count());

    [Theory]
    [InlineData("src/Server/Messages/A.cs", "class A { \n\n\n\n\n\n\n\n\n\n } class B { \n\n\n\n\n\n\n\n\n\n }", 1)]
    [InlineData("src/Server/Messages/A.cs", "class A { class C; } record B(int X); enum D { E }", 0)]
    [InlineData("src/Server/Messages/A.cs", "class A; record B; record C; record D;", 1)]
    [InlineData("src/Contract/A.cs", "record A; record B; record C; enum D { E }", 0)]
    public void A_file_holds_one_type_and_two_small_ones(string path, string text, int breaches) =>
        Assert.Equal(breaches, Names.Types(new SourceFile(path, text)).Count());

    [Theory]
    [InlineData("// TO" + "DO: later", 1)]
    [InlineData("// FIX" + "ME", 1)]
    [InlineData("// Today is not tomorrow.", 0)]
    public void A_mark_of_unfinished_work_is_found(string text, int breaches) =>
        Assert.Equal(breaches, Words.Unfinished(Source(text)).Count());

    [Fact]
    public void A_region_is_found() => Assert.Single(Words.Regions(Source("  #reg" + "ion Fields\n")));

    [Theory]
    [InlineData("see /wor" + "k/main/dev", 1)]
    [InlineData("https://registry.n" + "pmjs.example/left-pad", 1)]
    [InlineData("Co-authored-b" + "y: somebody", 1)]
    [InlineData("closing no" + "te", 1)]
    [InlineData("the session is revoked; a note at closing; /home/work", 0)]
    public void A_word_of_the_workplace_is_found(string text, int breaches) =>
        Assert.Equal(breaches, Words.Workplace(Source(text)).Count());

    [Theory]
    [InlineData("Messages", "using Parley.Server.Journal;", 0)]
    [InlineData("Messages", "using Parley.Server.Storage.Postgres;", 0)]
    [InlineData("Messages", "using Parley.Server.Live;", 1)]
    [InlineData("Messages", "using static Parley.Server.Host.Limits;", 1)]
    [InlineData("Messages", "global using Seat = Parley.Server.Live.Seat;", 1)]
    [InlineData("Messages", "class A { object b = global::Parley.Server.Live.Seat.New(); }", 1)]
    [InlineData("Journal", "using Parley.Server.Messages;", 1)]
    [InlineData("Journal", "using Parley.Server.Fanout;", 1)]
    [InlineData("Receipts", "using Parley.Server.Messages;", 0)]
    [InlineData("Receipts", "using Parley.Server.Presence;", 1)]
    [InlineData("Live", "using Parley.Server.Messages; namespace Parley.Server.Live;", 0)]
    [InlineData("Host", "using Parley.Server.Live;", 0)]
    public void An_arrow_that_points_up_or_sideways_is_found(string room, string text, int breaches) =>
        Assert.Equal(
            breaches, Arrows.Broken(new SourceFile($"src/Server/{room}/A.cs", text), ["Receipts → Messages"]).Count());

    [Fact]
    public void Sideways_arrows_are_read_from_the_architecture()
    {
        const string Text =
            "# A\n- No → This\n## Sideways arrows\nFew.\n\n- `Sync → Receipts`: a\n- B → C: d\n\n## Next\n- X → Y\n";
        Assert.Equal(["B → C", "Sync → Receipts"], Arrows.Described(Text));
    }

    [Theory]
    [InlineData("namespace Parley.Server.Messages;", 0)]
    [InlineData("namespace Parley.Server.Live;", 1)]
    public void A_namespace_in_the_wrong_folder_is_found(string text, int breaches) =>
        Assert.Equal(breaches, Arrows.Namespaces(new SourceFile("src/Server/Messages/A.cs", text)).Count());

    [Theory]
    [InlineData("// One.\n// Two.\n// Three.\nclass M;", 0)]
    [InlineData("using System;\n\nnamespace A;\n\n// One.\n// Two.\n// Three.\nclass M;", 0)]
    [InlineData("// One.\n// Two.\nclass M;", 1)]
    [InlineData("class M\n{\n// One.\n// Two.\n// Three.\n}", 1)]
    public void A_module_that_does_not_introduce_itself_is_found(string text, int breaches) =>
        Assert.Equal(breaches, Modules.Silent(new SourceFile("src/Server/Messages/MessagesModule.cs", text)).Count());

    [Fact]
    public void A_capability_without_a_module_is_found()
    {
        SourceFile[] files = [new("src/Server/Messages/A.cs", ""), new("src/Server/Kernel/B.cs", "")];
        Assert.Equal(["src/Server/Messages"], Modules.Missing(files).Select(finding => finding.Subject));
    }

    [Fact]
    public void A_rule_no_test_cites_is_found()
    {
        SourceFile[] files =
        [
            new(Citations.Protocol, "- **SY-1** A.\n- **SY-2** B.\n- **SY-3** C.\n"),
            new("tests/Server.Tests/A.cs", "void SY1_A_thing_happens() { } // Rule SY-2."),
            new("tests/Tidy/A.cs", "// SY-3"),
            new("src/Server/Sync/A.cs", "// SY-3"),
        ];
        Assert.Equal(["SY-3"], Citations.Uncited(files).Select(finding => finding.Subject));
    }

    [Fact]
    public void A_citation_of_an_unknown_rule_is_found()
    {
        SourceFile[] files =
        [
            new(Citations.Protocol, "- **SY-1** A.\n"),
            new("tests/Server.Tests/A.cs", "void SY10_A_thing() { } void SY1_B() { } // Requirement RT-04."),
            new("src/Contract/A.cs", "/// <remarks>Rules SY-1 to SY-7; requirement ST-01.</remarks>"),
        ];
        Assert.Equal(
            ["tests/Server.Tests/A.cs SY-10", "src/Contract/A.cs SY-7"],
            Citations.Unknown(files).Select(finding => finding.Subject));
    }

    [Fact]
    public void An_exception_excuses_only_what_it_names_and_only_while_it_is_needed()
    {
        var listed = Exceptions.Parse("# The list.\nregion a.cs # Old.\nregion b.cs # Old.\nname c.cs Base\n");
        var verdict = listed.Judge("region", [new("region", "a.cs", "x"), new("region", "d.cs", "y")]);
        Assert.Equal(2, verdict.Count);
        Assert.StartsWith("region d.cs", verdict[0], StringComparison.Ordinal);
        Assert.StartsWith("region b.cs: this exception is no longer needed", verdict[1], StringComparison.Ordinal);
    }

    private static SourceFile Source(string text) => new("src/Server/Messages/Thing.cs", text);

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("A();\n", count));
}
