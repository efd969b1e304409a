using System.Globalization;

namespace Parley.Servers;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal sealed record PostgresPrograms(string InitDb, string Postgres)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public static PostgresPrograms Find()
    {
        // Debian keeps the server's programs out of PATH, one folder per major version: the newest one that is
        // complete.
        var debian = Directory.Exists(DebianRoot)
            ? Directory.GetDirectories(DebianRoot)
                .OrderByDescending(Major)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path)
            .Select(folder => new PostgresPrograms(Path.Combine(folder, "initdb"), Path.Combine(folder, "postgres")))
            .FirstOrDefault(programs => File.Exists(programs.InitDb) && File.Exists(programs.Postgres))
            ?? throw new InvalidOperationException(
                "PostgreSQL's programs initdb and postgres are neither under /usr/lib/postgresql/*/bin nor in PATH. "
                + "Install them, on Debian or Ubuntu: apt-get install postgresql");
    }

    private static int Major(string folder) =>
        int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major) ? major : 0;
}
