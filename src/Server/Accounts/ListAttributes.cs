using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>The profile attributes the organisation configured.</summary>
internal sealed class ListAttributes(IDatabase database)
{
    public async Task<Outcome<AttributeDefinitions>> RunAsync(CancellationToken cancel) =>
        new AttributeDefinitions(await database.ReadAsync(AccountSql.AttributesAsync, cancel));
}
