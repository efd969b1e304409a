using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

/// <summary>Renames a group.</summary>
internal sealed class RenameGroup(ChangeConversation change)
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, RenameGroupRequest request, CancellationToken cancel)
    {
        if (ConversationRules.WhyNotThisName(request.Name) is { } bad)
            return bad;

        return await change.RunAsync(caller, request.ConversationId, (turn, _, member) =>
        {
            var refusal = ConversationRules.WhyNotRunGroup(turn.Row, member);
            if (refusal is null)
                turn.Rename(request.Name);

            return Task.FromResult(refusal);
        }, cancel);
    }
}
