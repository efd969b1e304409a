using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Pages through people by handle. Everybody sees the active ones they may see; administrators may ask for all.
/// </summary>
internal sealed class ListPeople(IDatabase database)
{
    private const int CountDefault = 50;
    private const int FilterLengthMax = 100;

    public Task<Outcome<PeoplePage>> RunAsync(
        Caller caller, string? filter, string? after, int? take, CancellationToken cancel) =>
        RunAsync(caller, "p.deactivated_at IS NULL", filter, after, take, cancel);

    public async Task<Outcome<PeoplePage>> RunForAdministratorAsync(
        Caller caller, string? filter, string? after, int? take, CancellationToken cancel) =>
        caller.IsAdministrator ? await RunAsync(caller, "1 = 1", filter, after, take, cancel) : Refuse.Forbidden;

    private async Task<Outcome<PeoplePage>> RunAsync(
        Caller caller, string which, string? filter, string? after, int? take, CancellationToken cancel)
    {
        var count = take ?? CountDefault;
        if (count is < 1 or > Limits.PageCountMax)
            return Refuse.Invalid($"take: 1 to {Limits.PageCountMax}.");
        if (filter?.Length > FilterLengthMax || after?.Length > AccountRules.HandleLengthMax)
            return Refuse.Invalid("filter: up to 100 characters; after: the cursor of the page before.");

        // Index: the unique one on handle gives the order; the filter reads on until the page is full.
        var accounts = await database.ReadAsync(view => view.QueryAsync<Account>(
            $"""
            SELECT {AccountSql.Columns}
            FROM account p
            WHERE p.handle > @After AND {which}
              AND {VisiblePeople.Condition(caller)}
              AND {Matches(view.Database, filter)}
            ORDER BY p.handle
            LIMIT @Limit
            """,
            new { After = after ?? "", Limit = count + 1, Me = caller.AccountId, Pattern = Pattern(filter) }), cancel);
        var page = accounts.Take(count).Select(account => account.ToPerson()).ToList();
        return new PeoplePage(page, accounts.Count > count ? page[^1].Handle : null);
    }

    /// <summary>Handle, name or an attribute's value contain the filter, any case.</summary>
    private static string Matches(IDatabase database, string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter))
            return "1 = 1";

        var entries = database.Kind == "sqlite" ? "json_each(p.attributes)" : "json_each_text(p.attributes::json)";
        return $"""
            (p.handle LIKE @Pattern ESCAPE '!' OR lower(p.name) LIKE @Pattern ESCAPE '!' OR EXISTS (
                SELECT 1
                FROM {entries} AS entry
                WHERE lower(entry.value) LIKE @Pattern ESCAPE '!'))
            """;
    }

    private static string Pattern(string? filter)
    {
        var text = (filter ?? "").Trim().ToLowerInvariant();
        foreach (var special in (ReadOnlySpan<string>)["!", "%", "_"])
            text = text.Replace(special, "!" + special, StringComparison.Ordinal);
        return $"%{text}%";
    }
}
