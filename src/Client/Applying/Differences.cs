using Parley.Contract;

namespace Parley.Client.Applying;

/// <summary>Pure: what moved between two states, as the events an application sees.</summary>
internal static class Differences
{
    public static IEnumerable<ClientEvent> Between(ClientState before, ClientState after)
    {
        if (after.Settings is { } settings && settings != before.Settings)
            yield return new ClientEvent.SettingsMoved(settings);
        if (ReferenceEquals(before.Conversations, after.Conversations))
            yield break;

        foreach (var id in before.Conversations.Keys.Where(id => !after.Conversations.ContainsKey(id)))
            yield return new ClientEvent.ConversationLeft(id);

        foreach (var (id, state) in after.Conversations)
        {
            var known = before.Conversations.GetValueOrDefault(id);
            if (ReferenceEquals(known, state))
                continue;

            foreach (var moved in Between(known, state))
                yield return moved;
        }
    }

    private static IEnumerable<ClientEvent> Between(ConversationState? before, ConversationState after)
    {
        if (before?.Conversation != after.Conversation)
            yield return new ClientEvent.ConversationMoved(after.Conversation);

        foreach (var membership in after.Memberships.Values)
        {
            if (before?.Memberships.GetValueOrDefault(membership.AccountId) != membership)
                yield return new ClientEvent.MembershipMoved(membership);
        }

        foreach (var message in after.Messages.Values)
        {
            var known = before?.Messages.GetValueOrDefault(message.Number);
            if (known != message)
                yield return new ClientEvent.MessageMoved(message, known);
        }

        foreach (var receipt in after.Receipts.Values)
        {
            if (before?.Receipts.GetValueOrDefault(receipt.AccountId) != receipt)
                yield return new ClientEvent.ReceiptMoved(receipt);
        }
    }
}
