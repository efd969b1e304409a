using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Conversations;

/// <summary>The walk that all changes of a conversation share: take it, see who asks, let the verb decide and act,
/// save.</summary>
internal sealed class ChangeConversation(
    IDatabase database, Rosters rosters, AccountStream streams, ChangePusher pusher, TimeProvider time)
{
    /// <param name="caller">Who asks; somebody who is no member learns nothing.</param>
    /// <param name="conversation">Where.</param>
    /// <param name="verb">Judges with roster and member as they were, acts through the turn, answers a refusal or
    /// null.</param>
    /// <param name="cancel">Until the turn begins.</param>
    public Task<Outcome<Done>> RunAsync(
        Caller caller,
        ConversationId conversation,
        Func<ConversationTurn, Roster, Member, Task<Refusal?>> verb,
        CancellationToken cancel) =>
        database.WriteAsync<Outcome<Done>>(async transaction =>
        {
            if (await ConversationHead.TakeAsync(transaction, conversation) is not { } head)
                return Refuse.NotFound;

            var roster = await rosters.OfAsync(transaction, conversation, head.Row.RosterVersion);
            if (roster.Find(caller.AccountId) is not { } member)
                return Refuse.NotFound;

            var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
            var turn = new ConversationTurn(transaction, head, streams, now);
            if (await verb(turn, roster, member) is { } refusal)
                return refusal;

            await turn.SaveAsync(pusher);
            return Done.Instance;
        }, cancel);
}
