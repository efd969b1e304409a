using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Messages;

/// <summary>Takes a message back: the text goes, that it was there, who removed it and when stay.</summary>
internal sealed class RemoveMessage(ChangeMessage change)
{
    public Task<Outcome<Message>> RunAsync(Caller caller, RemoveMessageRequest request, CancellationToken cancel) =>
        change.RunAsync(caller, request.ConversationId, request.Id, facts => (
            MessageRules.WhyNotRemove(facts.Message, facts.Conversation, facts.Member),
            facts.Message.RemovedAt is not null
                ? facts.Message
                : facts.Message with { Body = null, RemovedAt = facts.Now, RemovedBy = caller.AccountId }), cancel);
}
