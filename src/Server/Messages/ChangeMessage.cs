using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>
/// The turn that edit and remove share: take the conversation, check that the caller sees the message, let the verb
/// decide and write, number the change, tell the members.
/// </summary>
internal sealed class ChangeMessage(IDatabase database, Rosters rosters, ChangePusher pusher, TimeProvider time)
{
    /// <summary>What a verb sees of its turn.</summary>
    internal sealed record Facts(
        MessageRow Message, ConversationRow Conversation, Member Member, DateTimeOffset Now);

    /// <param name="caller">Who asks.</param>
    /// <param name="conversation">Where.</param>
    /// <param name="id">Which message.</param>
    /// <param name="decide">Answers the refusal, or the message's new state; the same state when there is nothing to
    /// do.</param>
    /// <param name="cancel">Until the turn begins.</param>
    public Task<Outcome<Message>> RunAsync(
        Caller caller,
        ConversationId conversation,
        MessageId id,
        Func<Facts, (Refusal? Refusal, MessageRow State)> decide,
        CancellationToken cancel) =>
        database.WriteAsync<Outcome<Message>>(async turn =>
        {
            if (await ConversationHead.TakeAsync(turn, conversation) is not { } head)
                return Refuse.NotFound;

            var roster = await rosters.OfAsync(turn, conversation, head.Row.RosterVersion);
            var message = await MessageSql.FindAsync(turn, id);
            if (roster.Find(caller.AccountId) is not { } member
                || message is null
                || message.ConversationId != conversation
                || message.Number <= member.VisibleAfter)
            {
                return Refuse.NotFound;
            }

            var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var (refusal, state) = decide(new(message, head.Row, member, now));
            if (refusal is not null)
                return refusal;

            if (state == message)
                return message.ToWire();

            state = state with { Version = message.Version + 1, ChangedSeq = head.NextSeq() };
            await SaveAsync(turn, state);
            await head.SaveAsync(turn);
            var changes = new Changes(
                conversation, head.Row.HeadSeq, head.Seq, head.Number, null, [], [state.ToWire()], HasMore: false);
            pusher.PushAfterCommit(turn, roster, changes);
            return state.ToWire();
        }, cancel);

    private static Task<int> SaveAsync(Transaction turn, MessageRow state) => turn.ExecuteAsync("""
        UPDATE message
        SET body = @Body, edited_at = @EditedAt, removed_at = @RemovedAt, removed_by = @RemovedBy,
            version = @Version, changed_seq = @ChangedSeq
        WHERE id = @Id
        """, new
    {
        state.Body,
        state.EditedAt,
        state.RemovedAt,
        state.RemovedBy,
        state.Version,
        state.ChangedSeq,
        state.Id,
    });
}
