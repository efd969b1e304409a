using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Changes an account's name or attributes.</summary>
internal sealed class ChangeProfile(AdministerAccount administer)
{
    public Task<Outcome<Person>> RunAsync(
        Caller caller, AccountId id, ChangeProfileRequest request, CancellationToken cancel) =>
        administer.RunAsync(caller, id, (turn, account) => ChangeAsync(turn, account, request), cancel);

    private static async Task<Outcome<Person>> ChangeAsync(
        Transaction turn, Account account, ChangeProfileRequest request)
    {
        var name = request.Name?.Trim() ?? account.Name;
        var attributes = request.Attributes ?? account.Attributes;
        if ((AccountRules.WhyNotName(name)
            ?? AccountRules.WhyNotAttributes(request.Attributes, await AccountSql.AttributesAsync(turn))) is { } bad)
        {
            return bad;
        }

        await turn.ExecuteAsync(
            "UPDATE account SET name = @name, attributes = @attributes WHERE id = @Id",
            new { account.Id, name, attributes });
        return account.ToPerson() with { Name = name, Attributes = attributes };
    }
}
