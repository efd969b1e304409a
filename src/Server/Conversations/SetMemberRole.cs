using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

/// <summary>Names or unnames an owner of a group.</summary>
internal sealed class SetMemberRole(ChangeConversation change)
{
    public Task<Outcome<Done>> RunAsync(Caller caller, SetMemberRoleRequest request, CancellationToken cancel) =>
        change.RunAsync(caller, request.ConversationId, async (turn, roster, member) =>
        {
            if (ConversationRules.WhyNotRunGroup(turn.Row, member) is { } refusal)
                return refusal;

            if (roster.Find(request.Member) is not { } present)
                return Refuse.NotFound;

            if (present.Role == request.Role)
                return null;

            if (roster.Members.Count(other => other.IsOwner) == 1 && present.IsOwner)
                return new(RefusalCode.LastOwner, "The group would have no owner. Name another owner first.");

            await turn.SetRoleAsync(request.Member, request.Role);
            return null;
        }, cancel);
}
