using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Messages;

/// <summary>Replaces the text of one's own message.</summary>
internal sealed class EditMessage(ChangeMessage change, IOptions<MessagesOptions> options)
{
    public async Task<Outcome<Message>> RunAsync(Caller caller, EditMessageRequest request, CancellationToken cancel)
    {
        if (MessageRules.WhyNotThisBody(request.Body, options.Value.BodyLengthMax) is { } refusal)
            return refusal;

        return await change.RunAsync(caller, request.ConversationId, request.Id, facts => (
            MessageRules.WhyNotEdit(facts.Message, caller.AccountId, request.Version)
                ?? MessageRules.WhyNotWrite(facts.Conversation, facts.Member, facts.Now),
            facts.Message.Body == request.Body
                ? facts.Message
                : facts.Message with { Body = request.Body, EditedAt = facts.Now }), cancel);
    }
}
