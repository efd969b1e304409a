using System.Collections.Immutable;
using Parley.Contract;

namespace Parley.Client;

/// <summary>What a device knows of one conversation. Immutable: every change makes a new one.</summary>
/// <param name="Conversation">Its present state.</param>
/// <param name="Seq">Cursor of changes. Rule SY-3.</param>
/// <param name="ReceiptSeq">Cursor of receipts. Rule RC-4.</param>
/// <param name="HeadNumber">Number of the last message; 0 when there is none.</param>
/// <param name="FromNumber">Every message from here to the head that the person may see is in <paramref
/// name="Messages"/>; older ones are read with <see cref="ParleyClient.HistoryAsync"/>.</param>
/// <param name="ReadWanted">Up to where the person has read on this device, whether the server knows or not; 0 when
/// nothing.</param>
/// <param name="DeliveredNumber">Up to where the person's own messages were delivered when members last moved; 0 when
/// none. Only grows, so that no status falls because who received it is gone. Rule RC-5.</param>
/// <param name="ReadNumber">The same for reading; never above the delivered one.</param>
/// <param name="Memberships">By person; everybody's up to 64 members, else at least one's own.</param>
/// <param name="Receipts">By person, for the same people.</param>
/// <param name="Messages">By number, ascending.</param>
public sealed record ConversationState(
    Conversation Conversation,
    long Seq,
    long ReceiptSeq,
    long HeadNumber,
    long FromNumber,
    long ReadWanted,
    long DeliveredNumber,
    long ReadNumber,
    ImmutableDictionary<AccountId, Membership> Memberships,
    ImmutableDictionary<AccountId, Receipt> Receipts,
    ImmutableSortedDictionary<long, Message> Messages)
{
    /// <summary>The conversation's id.</summary>
    public ConversationId Id => Conversation.Id;
}
