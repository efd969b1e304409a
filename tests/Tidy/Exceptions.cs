namespace Parley.Tidy;

/// <summary>
/// The known breaches, one a line: rule, subject, then <c>#</c> and the reason. A breach that is not listed fails, and
/// so does a listed one that is no longer there: the list may only shrink.
/// </summary>
internal sealed class Exceptions(IReadOnlyList<string> keys)
{
    public const string Path = "tests/Tidy/exceptions.txt";

    public IReadOnlyList<string> Keys => keys;

    public static Exceptions Parse(string text) => new(
    [
        .. text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(" # ", 2)[0].Trim()),
    ]);

    /// <summary>What is to be said about one rule's findings; empty when all is well.</summary>
    public IReadOnlyList<string> Judge(string rule, IEnumerable<Finding> findings)
    {
        var found = findings.ToLookup(finding => finding.Key);
        var unexpected = found
            .Where(group => !keys.Contains(group.Key))
            .SelectMany(group => group.Select(finding => finding.ToString()));
        var stale = keys
            .Where(key => key.StartsWith(rule + " ", StringComparison.Ordinal) && !found.Contains(key))
            .Select(key => $"{key}: this exception is no longer needed; delete its line from {Path}");
        return [.. unexpected, .. stale];
    }
}
