namespace Parley.Server.Accounts;

/// <summary>
/// Passwords that are tried first. The list is embedded: lower case, 8 characters and more, one a line.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<HashSet<string>> All = new(Read);

    public static bool Contains(string password) => All.Value.Contains(password.ToLowerInvariant());

    private static HashSet<string> Read()
    {
        const string Name = "Parley.Server.Accounts.common-passwords.txt";
        using var list = typeof(CommonPasswords).Assembly.GetManifestResourceStream(Name)!; // Embedded by the project.
        using var reader = new StreamReader(list);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
