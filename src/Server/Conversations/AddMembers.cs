using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

/// <summary>Adds people to a group. Those who are members stay as they are.</summary>
internal sealed class AddMembers(ChangeConversation change)
{
    public Task<Outcome<Done>> RunAsync(Caller caller, AddMembersRequest request, CancellationToken cancel) =>
        change.RunAsync(caller, request.ConversationId, async (turn, roster, member) =>
        {
            if (ConversationRules.WhyNotRunGroup(turn.Row, member) is { } refusal)
                return refusal;

            var wanted = request.Members.Distinct().Where(account => roster.Find(account) is null).ToList();
            if (ConversationRules.WhyNotAdd(turn.Row, wanted.Count) is { } full)
                return full;

            var reachable = wanted.Count == 0
                ? []
                : await MembershipSql.ReachableAsync(turn.Transaction, caller.AccountId, caller.IsStaff, wanted);
            if (reachable.Count < wanted.Count)
                return Refuse.NotFound;

            foreach (var account in reachable)
                await turn.JoinAsync(account, MembershipRole.Member);

            return null;
        }, cancel);
}
