using System.Collections.Immutable;
using Parley.Contract;

namespace Parley.Client;

/// <summary>Everything a device has cached for one account. Immutable.</summary>
/// <param name="Epoch">The server's epoch the cursors belong to; null before the first sync. Rule SY-6.</param>
/// <param name="AccountSeq">Cursor of the account stream. Rule SY-7.</param>
/// <param name="Settings">The person's settings; null until the server told them.</param>
/// <param name="Conversations">By id.</param>
/// <param name="People">Everybody named so far, by id.</param>
public sealed record ClientState(
    string? Epoch,
    long AccountSeq,
    AccountSettings? Settings,
    ImmutableDictionary<ConversationId, ConversationState> Conversations,
    ImmutableDictionary<AccountId, Person> People)
{
    /// <summary>A device that has seen nothing.</summary>
    public static ClientState Empty { get; } = new(
        null,
        0,
        null,
        ImmutableDictionary<ConversationId, ConversationState>.Empty,
        ImmutableDictionary<AccountId, Person>.Empty);
}
