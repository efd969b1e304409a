using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Journal;

/// <summary>
/// What a person may see of a conversation, at this instant. The one function every read path asks: nobody reads a
/// conversation without one of these.
/// </summary>
/// <param name="ConversationId">Where.</param>
/// <param name="After">Messages with a larger number are visible.</param>
/// <param name="HeadNumber">Number of the last message.</param>
internal sealed record Visibility(ConversationId ConversationId, long After, long HeadNumber)
{
    /// <summary>Null when the person sees nothing there: not a member, or no such conversation.</summary>
    public static Task<Visibility?> OfAsync(Snapshot view, AccountId account, ConversationId conversation) =>
        view.FirstOrDefaultAsync<Visibility>("""
            SELECT c.id AS conversation_id, m.visible_after AS after, c.head_number
            FROM membership m
            JOIN conversation c ON c.id = m.conversation_id
            JOIN account a ON a.id = m.account_id
            WHERE m.conversation_id = @conversation
              AND m.account_id = @account
              AND m.left_at IS NULL
              AND a.deactivated_at IS NULL
            """, new { account, conversation });
}
