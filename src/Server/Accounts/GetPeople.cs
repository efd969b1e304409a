using Dapper;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Looks people up by id. Those the caller may not see are left out, like those who do not exist.</summary>
internal sealed class GetPeople(IDatabase database)
{
    public async Task<Outcome<People>> RunAsync(Caller caller, GetPeopleRequest request, CancellationToken cancel)
    {
        if (request.Ids.Count > Limits.PeopleLookupMax)
            return Refuse.Invalid($"ids: at most {Limits.PeopleLookupMax} at a time.");

        var accounts = await database.ReadAsync(view => FindAsync(view, caller, request.Ids), cancel);
        return new People([.. accounts.Select(account => account.ToPerson())]);
    }

    /// <summary>
    /// Those of the named people whom the caller may see, in no particular order. Index: the primary key.
    /// </summary>
    public static async Task<IReadOnlyList<Account>> FindAsync(Snapshot view, Caller caller, IEnumerable<AccountId> ids)
    {
        var parameters = new DynamicParameters();
        parameters.Add("Me", caller.AccountId);
        var names = ids.Distinct().Select((id, i) =>
        {
            parameters.Add($"Id{i}", id);
            return $"@Id{i}";
        }).ToList();
        if (names.Count == 0)
            return [];

        return await view.QueryAsync<Account>(
            $"""
            SELECT {AccountSql.Columns}
            FROM account p
            WHERE p.id IN ({string.Join(", ", names)}) AND {VisiblePeople.Condition(caller)}
            """,
            parameters);
    }
}
