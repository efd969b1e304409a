using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Sets the organisation's profile attributes, and removes the values of those that are gone.</summary>
internal sealed class DefineAttributes(IDatabase database)
{
    public async Task<Outcome<AttributeDefinitions>> RunAsync(
        Caller caller, AttributeDefinitions request, CancellationToken cancel)
    {
        if (!caller.IsAdministrator)
            return Refuse.Forbidden;
        if (AccountRules.WhyNotDefine(request.Items) is { } bad)
            return bad;

        return await database.WriteAsync(turn => DefineAsync(turn, request), cancel);
    }

    private static async Task<AttributeDefinitions> DefineAsync(Transaction turn, AttributeDefinitions request)
    {
        var gone = (await AccountSql.AttributesAsync(turn)).Select(attribute => attribute.Key)
            .Except(request.Items.Select(attribute => attribute.Key)).ToHashSet();
        await turn.ExecuteAsync("DELETE FROM attribute_definition");
        foreach (var (position, attribute) in request.Items.Index())
        {
            await turn.ExecuteAsync(
                "INSERT INTO attribute_definition (key, label, position) VALUES (@Key, @Label, @position)",
                new { attribute.Key, attribute.Label, position });
        }

        if (gone.Count > 0)
            await ForgetValuesAsync(turn, gone);

        return request;
    }

    /// <summary>
    /// A scan of the accounts: it is done once in a long while, and what was removed must not come up again.
    /// </summary>
    private static async Task ForgetValuesAsync(Transaction turn, HashSet<string> gone)
    {
        var accounts = await turn.QueryAsync<Account>($$"""
            SELECT {{AccountSql.Columns}}
            FROM account p
            WHERE p.attributes <> '{}'
            ORDER BY p.id
            {{turn.Database.ForUpdate}}
            """);
        foreach (var account in accounts.Where(account => account.Attributes.Keys.Any(gone.Contains)))
        {
            IReadOnlyDictionary<string, string> attributes =
                account.Attributes.Where(entry => !gone.Contains(entry.Key)).ToDictionary();
            await turn.ExecuteAsync(
                "UPDATE account SET attributes = @attributes WHERE id = @Id", new { account.Id, attributes });
        }
    }
}
