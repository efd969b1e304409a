using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// What every administrator's verb on one account begins with: the right, the account locked until the commit, and the
/// certainty that an active administrator remains.
/// </summary>
internal sealed class AdministerAccount(IDatabase database)
{
    private static readonly Refusal LastAdministrator = new(
        RefusalCode.Forbidden, "The organisation keeps at least one active administrator: name another one first.");

    public async Task<Outcome<T>> RunAsync<T>(
        Caller caller, AccountId id, Func<Transaction, Account, Task<Outcome<T>>> work, CancellationToken cancel)
        where T : class
    {
        if (!caller.IsAdministrator)
            return Refuse.Forbidden;

        return await database.WriteAsync<Outcome<T>>(
            async turn => await AccountSql.LockAsync(turn, id) is { } account
                ? await work(turn, account)
                : Refuse.NotFound,
            cancel);
    }

    public static async Task<Refusal?> WhyNotLoseAsync(Transaction turn, Account account) =>
        await AccountSql.LockAdministratorsAsync(turn) is [var only] && only == account.Id ? LastAdministrator : null;
}
