using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>The caller's profile and settings.</summary>
internal sealed class GetMe(IDatabase database)
{
    public async Task<Outcome<MyAccount>> RunAsync(Caller caller, CancellationToken cancel) =>
        await database.ReadAsync(view => AccountSql.FindAsync(view, caller.AccountId), cancel) is { } account
            ? new MyAccount(account.ToPerson(), account.ToSettings(), caller.DeviceId)
            : Refuse.Unauthenticated;
}
