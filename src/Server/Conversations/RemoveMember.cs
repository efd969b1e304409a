using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

/// <summary>Removes a person from a group, or leaves it. From this change on the person receives nothing (rule
/// CV-3).</summary>
internal sealed class RemoveMember(ChangeConversation change)
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RemoveMemberRequest request, CancellationToken cancel) =>
        change.RunAsync(caller, request.ConversationId, async (turn, roster, member) =>
        {
            var leaves = request.Member == caller.AccountId && turn.Row.Kind == ConversationKind.Group;
            if (!leaves && ConversationRules.WhyNotRunGroup(turn.Row, member) is { } refusal)
                return refusal;

            if (roster.Find(request.Member) is null)
                return Refuse.NotFound;

            if (ConversationRules.WhyNotLoseOwner(roster, request.Member) is { } last)
                return last;

            await turn.LeaveAsync(request.Member);
            return null;
        }, cancel);
}
