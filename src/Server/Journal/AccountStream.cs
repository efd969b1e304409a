using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Storage;

namespace Parley.Server.Journal;

/// <summary>The stream of what happens to an account outside its conversations (rule SY-7).</summary>
internal sealed class AccountStream(IFanout fanout)
{
    /// <summary>
    /// Takes the next number of the account's stream, and tells the account's devices after the commit that there is
    /// something to sync. The content is read by sync, under its own check of what the account may see.
    /// </summary>
    public async Task<long> NextAsync(Transaction turn, AccountId account)
    {
        var seq = await turn.SingleAsync<long>(
            "UPDATE account SET head_seq = head_seq + 1 WHERE id = @account RETURNING head_seq", new { account });
        var nudge = new AccountChanges(seq - 1, seq - 1, [], [], null, [], HasMore: true);
        turn.AfterCommit(() => fanout.Publish(new(Wire.AccountTarget, nudge, [account])));
        return seq;
    }
}
