using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Direct;

/// <summary>
/// What two people have not received from each other yet: what lies above their watermarks. Nothing is copied.
/// </summary>
internal sealed class GetQueue(IDatabase database, FindPair find)
{
    private const int Count = Limits.PageCountMax;

    /// <summary>Index <c>message_number</c>, from the watermark on.</summary>
    private const string UndeliveredSql = """
        SELECT id, number, sent_at, expired_at
        FROM message
        WHERE conversation_id = @conversation AND number > @after AND author_id = @author AND removed_at IS NULL
        ORDER BY number
        LIMIT @limit
        """;

    public async Task<Outcome<QueuedMessages>> RunAsync(Caller caller, string handle, CancellationToken cancel)
    {
        var found = await find.RunAsync(caller, handle, cancel);
        if (found.Refusal is { } refusal)
            return refusal;

        if (found.Value is not { With: var with, Conversation: { } conversation })
            return new QueuedMessages([], [], HasMore: false);

        return await database.ReadAsync<Outcome<QueuedMessages>>(async view =>
        {
            if (await Visibility.OfAsync(view, caller.AccountId, conversation) is not { } visible)
                return Refuse.NotFound;

            var outgoing = await UndeliveredAsync(view, visible, caller.AccountId, with);
            var incoming = await UndeliveredAsync(view, visible, with, caller.AccountId);
            return new QueuedMessages(
                [.. outgoing.Take(Count).Select(row => row.ToWire())],
                [.. incoming.Take(Count).Select(row => row.ToWire())],
                HasMore: outgoing.Count > Count || incoming.Count > Count);
        }, cancel);
    }

    private static async Task<IReadOnlyList<QueuedRow>> UndeliveredAsync(
        Snapshot view, Visibility visible, AccountId author, AccountId recipient)
    {
        var conversation = visible.ConversationId;
        var delivered = await view.SingleAsync<long>(
            "SELECT delivered_number FROM membership WHERE conversation_id = @conversation AND account_id = @recipient",
            new { conversation, recipient });
        var after = Math.Max(delivered, visible.After);
        return await view.QueryAsync<QueuedRow>(UndeliveredSql, new { conversation, after, author, limit = Count + 1 });
    }

    private sealed record QueuedRow(MessageId Id, long Number, DateTimeOffset SentAt, DateTimeOffset? ExpiredAt)
    {
        public QueuedMessage ToWire() =>
            new(Id, Number, SentAt, ExpiredAt is null ? QueueState.Queued : QueueState.Expired);
    }
}
