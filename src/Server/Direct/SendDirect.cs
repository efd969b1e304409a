using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;

namespace Parley.Server.Direct;

/// <summary>
/// Sends to a person; opens the conversation of the pair when this is its first message (rules CV-1, MS-1).
/// </summary>
internal sealed class SendDirect(FindPair find, OpenDirect open, SendMessage send, IOptions<MessagesOptions> options)
{
    public async Task<Outcome<MessageSent>> RunAsync(
        Caller caller, string handle, SendBody body, CancellationToken cancel)
    {
        var found = await find.RunAsync(caller, handle, cancel);
        if (found.Refusal is { } hidden)
            return hidden;

        if (found.Value is { Conversation: { } known })
            return await send.RunAsync(caller, new(body.Id, known, body.Body));

        // Judged before anything is opened: what is refused leaves no trace.
        if (MessageRules.WhyNotThisBody(body.Body, options.Value.BodyLengthMax) is { } empty)
            return empty;

        var opened = await open.RunAsync(caller, new(found.Value!.With), cancel); // a value, as it is no refusal
        return opened.Value is { } snapshot
            ? await send.RunAsync(caller, new(body.Id, snapshot.Conversation.Id, body.Body))
            : opened.Refusal!; // a refusal, as it is no value
    }
}
