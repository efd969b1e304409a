using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Conversations;

/// <summary>Makes a conversation with its first members, inside the caller's transaction.</summary>
internal sealed class NewConversation(AccountStream streams, ChangePusher pusher, TimeProvider time)
{
    /// <summary>False when the id or the pair is taken: then the conversation is there already, and nothing was
    /// done.</summary>
    public async Task<bool> InsertAsync(
        Transaction transaction,
        ConversationRow row,
        byte[]? pair,
        IEnumerable<(AccountId Account, MembershipRole Role)> members)
    {
        var inserted = await transaction.ExecuteAsync("""
            INSERT INTO conversation (id, kind, name, history, pair, created_at)
            VALUES (@Id, @kind, @Name, @history, @pair, @CreatedAt)
            ON CONFLICT DO NOTHING
            """, new { row.Id, kind = row.Kind.Word(), row.Name, history = row.History.Word(), pair, row.CreatedAt });
        if (inserted == 0)
            return false;

        var head = (await ConversationHead.TakeAsync(transaction, row.Id))!;
        var turn = new ConversationTurn(transaction, head, streams, row.CreatedAt);
        foreach (var (account, role) in members.OrderBy(member => member.Account.Value))
            await turn.JoinAsync(account, role);

        await turn.SaveAsync(pusher);
        return true;
    }

    public ConversationRow Row(ConversationId id, ConversationKind kind, string? name, HistoryPolicy history) => new(
        id, kind, name, history, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
        null, 0, 0, 0, 0, 0, 0);

    /// <summary>The same for (a, b) and (b, a): one conversation per pair (rule CV-1).</summary>
    public static byte[] PairOf(AccountId a, AccountId b)
    {
        var (low, high) = a.Value.CompareTo(b.Value) < 0 ? (a, b) : (b, a);
        return [.. low.Value.ToBytes(), .. high.Value.ToBytes()];
    }
}
