using Parley.Contract;

namespace Parley.Server.Demo;

/// <summary>The people of the demo school, the same on every machine.</summary>
internal static class DemoPeople
{
    public static readonly IReadOnlyList<AttributeDefinition> Attributes =
    [
        new("roll-id", "Roll ID"),
        new("class", "Class"),
    ];

    public static readonly IReadOnlyList<CreateAccountRequest> Staff =
    [
        new("admin", "Alex Morgan", Role.Administrator, null),
        new("anna", "Anna Lindqvist", Role.Staff, null),
        new("joseph", "Joseph Okafor", Role.Staff, null),
        new("mei", "Mei Tanaka", Role.Staff, null),
    ];

    private static readonly string[] Students =
    [
        "Ben Carter", "Amara Nwosu", "Luca Rossi", "Priya Sharma", "Mateo García", "Sofia Novak", "Noah Schmidt",
        "Layla Haddad", "Oliver Brown", "Zoë Dubois", "Arjun Patel", "Ingrid Halvorsen", "Tariq Aziz", "Emma Wilson",
        "Kenji Sato", "Chloé Martin", "Diego Fernández", "Fatima Zahra", "Jakub Kowalski", "Mia Andersson",
        "Omar Farouk", "Elena Petrova", "Samuel Adeyemi", "Hana Kim", "Lucas Silva", "Aisha Rahman", "Finn O’Connor",
        "Nadia Ivanova", "Thomas Müller", "Leila Ben Ali", "Ravi Kumar", "Freja Nielsen", "Isaac Mensah", "Yara Khalil",
        "Ethan Clark", "Beatriz Costa", "Viktor Horvath", "Sana Malik", "Liam Murphy", "Grace Chen",
    ];

    private static readonly string[] Classes = ["10A", "10B", "11A", "11B"];

    /// <summary>Forty students with roll ids and classes; handles are their first names in plain letters.</summary>
    public static IEnumerable<CreateAccountRequest> AllStudents() => Students.Select(
        (name, i) => new CreateAccountRequest(HandleOf(name), name, Role.Member, AttributesOf(i)));

    private static Dictionary<string, string> AttributesOf(int student) => new()
    {
        ["roll-id"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"R-{2601 + student}"),
        ["class"] = Classes[student % Classes.Length],
    };

    private static string HandleOf(string name) => new([.. name.Split(' ')[0]
        .Normalize(System.Text.NormalizationForm.FormD)
        .ToLowerInvariant()
        .Where(char.IsAsciiLetterLower)]);
}
