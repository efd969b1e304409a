using System.Globalization;

namespace Parley.Server.Storage;

/// <summary>A numbered script that moves the schema one step.</summary>
internal sealed record MigrationScript(int Number, string Name, string Sql)
{
    /// <summary>The scripts of one database, in order: embedded from
    /// <c>Storage/{Kind}/Migrations/NNNN_name.sql</c>.</summary>
    public static IReadOnlyList<MigrationScript> Of(string kind)
    {
        var assembly = typeof(MigrationScript).Assembly;
        var room = $".Storage.{kind}.Migrations.";
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.Contains(room, StringComparison.OrdinalIgnoreCase))
            .Select(resource => Read(resource, resource.Split("Migrations.")[1]))
            .OrderBy(script => script.Number)];

        MigrationScript Read(string resource, string file)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            return new(int.Parse(file[..4], CultureInfo.InvariantCulture), file[5..^4], reader.ReadToEnd());
        }
    }
}
