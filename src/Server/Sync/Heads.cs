using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>The digest of all heads an account's devices should have (rule SY-5), read from disk: fan-out may be
/// broken.</summary>
internal sealed class Heads(IDatabase database, Epoch epochs, TimeProvider time)
{
    private const string Sql = """
        SELECT c.id, c.head_seq, c.receipt_seq, c.member_count
        FROM membership m
        JOIN conversation c ON c.id = m.conversation_id
        WHERE m.account_id = @account AND m.left_at IS NULL
        """;

    public async Task<Heartbeat> HeartbeatAsync(AccountId account, CancellationToken cancel)
    {
        var epoch = await epochs.GetAsync(cancel);
        var digest = await database.ReadAsync(async view =>
        {
            var stream = await view.SingleAsync<long>(
                "SELECT head_seq FROM account WHERE id = @account", new { account });
            var sum = HeadsDigest.OfAccount(stream);
            foreach (var (id, seq, receiptSeq, members) in await view.QueryAsync<Head>(Sql, new { account }))
                sum = unchecked(sum + HeadsDigest.OfConversation(id, seq, receiptSeq, (int)members));

            return sum;
        }, cancel);
        return new(epoch, digest, time.GetUtcNow());
    }

    private sealed record Head(ConversationId Id, long HeadSeq, long ReceiptSeq, long MemberCount);
}
