using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Messages;

namespace Parley.Server.Direct;

/// <summary>A page of what the caller and a person wrote to each other; empty while nobody has (rule HI-1).</summary>
internal sealed class GetDirectHistory(FindPair find, GetHistory history)
{
    /// <param name="caller">Who asks.</param>
    /// <param name="handle">The other person.</param>
    /// <param name="before">Messages before this number; null for the last ones.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Outcome<HistoryPage>> RunAsync(
        Caller caller, string handle, long? before, CancellationToken cancel)
    {
        var found = await find.RunAsync(caller, handle, cancel);
        if (found.Refusal is { } refusal)
            return refusal;

        return found.Value?.Conversation is { } conversation
            ? await history.RunAsync(caller, new(conversation, HistoryDirection.Before, before, null), cancel)
            : new HistoryPage([], HasBefore: false, HasAfter: false);
    }
}
