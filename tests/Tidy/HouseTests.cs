using Xunit;

namespace Parley.Tidy;

/// <summary>The repository, as it is now, against the rules of the house. CONTRIBUTING.md tells what they are
/// for.</summary>
public sealed class HouseTests
{
    private static readonly Exceptions Listed = Exceptions.Parse(Repository.File(Exceptions.Path)?.Text ?? "");

    [Fact]
    public void The_repository_is_read()
    {
        // Every rule below is kept by an empty list of files.
        Assert.Contains(Repository.Files, file => file.Path == "src/Contract/Ids.cs");
        Assert.Contains(Repository.Files, file => file.Path == Citations.Protocol);
    }

    [Fact]
    public void A_file_has_at_most_300_lines() => Keep(Size.FileRule, Size.Files);

    [Fact]
    public void A_method_has_at_most_60_lines() => Keep(Size.MethodRule, Size.Methods);

    [Fact]
    public void A_line_has_at_most_120_columns() => Keep(Size.WidthRule, Size.Widths);

    [Fact]
    public void A_name_says_what_it_is_for() => Keep(Names.WordRule, Names.Words);

    [Fact]
    public void A_file_holds_one_type() => Keep(Names.TypesRule, Names.Types);

    [Fact]
    public void Nothing_is_marked_as_unfinished() => Keep(Words.UnfinishedRule, Words.Unfinished);

    [Fact]
    public void Nothing_is_folded_away() => Keep(Words.RegionRule, Words.Regions);

    [Fact]
    public void Nothing_tells_where_it_was_made() => Keep(Words.WorkplaceRule, Words.Workplace);

    [Fact]
    public void A_namespace_follows_its_folder() => Keep(Arrows.NamespaceRule, Arrows.Namespaces);

    [Fact]
    public void Rooms_know_only_what_is_below_them() => Keep(Arrows.Rule, file => Arrows.Broken(file, Arrows.Sideways));

    [Fact]
    public void Arrows_sideways_are_used_and_explained_in_ARCHITECTURE()
    {
        var listed = Arrows.Sideways.Order(StringComparer.Ordinal);
        Assert.Equal(Arrows.UsedSideways(Repository.Files), listed);
        Assert.Equal(Arrows.Described(Repository.File("ARCHITECTURE.md")?.Text ?? ""), listed);
    }

    [Fact]
    public void A_capability_opens_with_what_it_is_for() => Keep(
        Modules.Rule, [.. Modules.Missing(Repository.Files), .. Repository.Files.SelectMany(Modules.Silent)]);

    [Fact]
    public void A_rule_of_the_protocol_is_cited_by_a_test() => Keep(
        Citations.UncitedRule, Citations.Uncited(Repository.Files));

    [Fact]
    public void A_cited_rule_exists() => Keep(Citations.UnknownRule, Citations.Unknown(Repository.Files));

    [Fact]
    public void Exceptions_only_become_fewer()
    {
        var history = Repository.Git("log", "--format=%H", "--", Exceptions.Path)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var commit in history)
        {
            var then = Exceptions.Parse(Repository.Git("show", $"{commit}:{Exceptions.Path}"));
            var added = Listed.Keys.Except(then.Keys);
            Assert.Empty(added.Select(key => $"{key}: was not listed in {commit[..7]}; mend it instead"));
        }
    }

    [Fact]
    public void An_exception_names_a_rule_that_exists()
    {
        string[] rules =
        [
            Size.FileRule, Size.MethodRule, Size.WidthRule, Names.WordRule, Names.TypesRule, Words.UnfinishedRule,
            Words.RegionRule, Words.WorkplaceRule, Arrows.NamespaceRule, Arrows.Rule, Modules.Rule,
            Citations.UncitedRule, Citations.UnknownRule,
        ];
        Assert.All(Listed.Keys, key => Assert.Contains(key.Split(' ')[0], rules));
        Assert.Distinct(Listed.Keys);
    }

    private static void Keep(string rule, Func<SourceFile, IEnumerable<Finding>> find) =>
        Keep(rule, Repository.Files.SelectMany(find));

    private static void Keep(string rule, IEnumerable<Finding> findings)
    {
        var breaches = Listed.Judge(rule, findings);
        Assert.True(breaches.Count == 0, "\n  " + string.Join("\n  ", breaches));
    }
}
