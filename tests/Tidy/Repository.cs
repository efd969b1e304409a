using System.Diagnostics;

namespace Parley.Tidy;

/// <summary>The repository this test was built from: what git tracks, and what it would track if it were added
/// now.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(ReadFiles);

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files => Read.Value;

    public static SourceFile? File(string path) => Files.FirstOrDefault(file => file.Path == path);

    public static string Git(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static IReadOnlyList<SourceFile> ReadFiles() =>
    [
        .. Git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Full: Path.Combine(Root, path)))
            .Where(file => System.IO.File.Exists(file.Full))
            .Select(file => new SourceFile(file.Path, System.IO.File.ReadAllText(file.Full)))
            .Where(file => !file.Text.Contains('\0')),
    ];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Parley.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException(
            $"No Parley.slnx above {AppContext.BaseDirectory}: run Tidy where it was built.");
    }
}
