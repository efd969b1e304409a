using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

/// <summary>Archives a conversation, or opens it again. Archived ones are read, not written (rule CV-4).</summary>
internal sealed class SetArchived(ChangeConversation change)
{
    public Task<Outcome<Done>> RunAsync(Caller caller, SetArchivedRequest request, CancellationToken cancel) =>
        change.RunAsync(caller, request.ConversationId, (turn, _, member) =>
        {
            var refusal = ConversationRules.WhyNotArchive(turn.Row, member);
            if (refusal is null && turn.Row.ArchivedAt is not null != request.Archived)
                turn.SetArchived(request.Archived);

            return Task.FromResult(refusal);
        }, cancel);
}
