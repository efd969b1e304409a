using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>Reading messages. Every query names the index that serves it; each is bounded by a page.</summary>
internal static class MessageSql
{
    /// <summary>By id. Index <c>message_id</c>.</summary>
    public static Task<MessageRow?> FindAsync(Snapshot view, MessageId id) =>
        view.FirstOrDefaultAsync<MessageRow>($"SELECT {MessageRow.Columns} FROM message WHERE id = @id", new { id });

    /// <summary>By number. Index <c>message_number</c>.</summary>
    public static Task<MessageRow?> FindAsync(Snapshot view, ConversationId conversation, long number) =>
        view.FirstOrDefaultAsync<MessageRow>(
            $"SELECT {MessageRow.Columns} FROM message WHERE conversation_id = @conversation AND number = @number",
            new { conversation, number });

    /// <summary>Numbers in (after, before), the largest first. Index <c>message_number</c>.</summary>
    public static Task<IReadOnlyList<MessageRow>> BackwardsAsync(
        Snapshot view, ConversationId conversation, long after, long before, int count) =>
        view.QueryAsync<MessageRow>($"""
            SELECT {MessageRow.Columns}
            FROM message
            WHERE conversation_id = @conversation AND number > @after AND number < @before
            ORDER BY number DESC
            LIMIT @count
            """, new { conversation, after, before, count });

    /// <summary>Numbers after, the smallest first. Index <c>message_number</c>.</summary>
    public static Task<IReadOnlyList<MessageRow>> ForwardsAsync(
        Snapshot view, ConversationId conversation, long after, int count) =>
        view.QueryAsync<MessageRow>($"""
            SELECT {MessageRow.Columns}
            FROM message
            WHERE conversation_id = @conversation AND number > @after
            ORDER BY number
            LIMIT @count
            """, new { conversation, after, count });

    /// <summary>
    /// Messages inserted after a cursor. Found by number: a step of <c>seq</c> adds at most one message, so whatever
    /// came after the cursor has a number above <paramref name="afterNumber"/>, and one index serves history and
    /// catch-up.
    /// </summary>
    public static Task<IReadOnlyList<MessageRow>> InsertedAsync(
        Snapshot view, ConversationId conversation, long afterNumber, long afterSeq, int count) =>
        view.QueryAsync<MessageRow>($"""
            SELECT {MessageRow.Columns}
            FROM message
            WHERE conversation_id = @conversation AND number > @afterNumber AND seq > @afterSeq
            ORDER BY number
            LIMIT @count
            """, new { conversation, afterNumber, afterSeq, count });

    /// <summary>Older messages that moved after a cursor. Index <c>message_changed</c>.</summary>
    public static Task<IReadOnlyList<MessageRow>> MovedAsync(
        Snapshot view, ConversationId conversation, long visibleAfter, long afterSeq, int count) =>
        view.QueryAsync<MessageRow>($"""
            SELECT {MessageRow.Columns}
            FROM message
            WHERE conversation_id = @conversation AND changed_seq > @afterSeq
              AND seq <= @afterSeq AND number > @visibleAfter
            ORDER BY changed_seq
            LIMIT @count
            """, new { conversation, visibleAfter, afterSeq, count });
}
