using System.CommandLine;

namespace Parley.Cli;

/// <summary>The options that say where the data is; the same for every command that touches it.</summary>
internal sealed class StorageArguments
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "Folder of the embedded database and of keys (default: .data, or Storage__DataFolder)",
    };

    private readonly Option<string?> _postgres = new("--postgres")
    {
        Description = "A PostgreSQL connection string, instead of the embedded database (or Storage__Postgres)",
    };

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_postgres);
    }

    /// <summary>As arguments of the host's configuration, which has environment and files below them.</summary>
    public IEnumerable<string> ToHostArguments(ParseResult parsed)
    {
        if (parsed.GetValue(_data) is { } data)
            yield return $"--Storage:DataFolder={data}";

        if (parsed.GetValue(_postgres) is { } postgres)
            yield return $"--Storage:Postgres={postgres}";
    }
}
