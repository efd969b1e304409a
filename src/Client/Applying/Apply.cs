using System.Collections.Immutable;
using Parley.Contract;

namespace Parley.Client.Applying;

/// <summary>
/// Pure: state and what arrived in, new state out. Subjects merge by the larger <c>changedSeq</c> and receipts by the
/// larger number, so repeats and any order of arrival give the same result (rules SY-2, RC-1). Whether a change may
/// move the cursor is decided in <see cref="Sync"/>; here it moves only if the change continues from it (rule SY-3).
/// </summary>
public static class Apply
{
    /// <summary>Adds what changed in a conversation.</summary>
    public static ConversationState To(ConversationState state, Changes changes)
    {
        var messages = state.Messages;
        foreach (var message in changes.Messages)
            messages = Put(messages, message, state.FromNumber);

        var memberships = state.Memberships;
        foreach (var membership in changes.Memberships)
        {
            if (!memberships.TryGetValue(membership.AccountId, out var known)
                || known.ChangedSeq < membership.ChangedSeq)
                memberships = memberships.SetItem(membership.AccountId, membership);
        }

        return state with
        {
            Conversation = changes.Conversation is { } moved && moved.ChangedSeq > state.Conversation.ChangedSeq
                ? moved
                : state.Conversation,
            Seq = changes.AfterSeq <= state.Seq ? Math.Max(state.Seq, changes.Seq) : state.Seq,
            HeadNumber = Math.Max(state.HeadNumber, changes.HeadNumber),
            Memberships = memberships,
            Messages = messages,
        };
    }

    /// <summary>Adds receipts. With a gap before them they still count, but the cursor stays. Rule RC-4.</summary>
    public static ConversationState To(ConversationState state, ReceiptsMoved moved)
    {
        foreach (var receipt in moved.Items)
            state = To(state, receipt);

        return moved.AfterReceiptSeq <= state.ReceiptSeq && moved.ReceiptSeq > state.ReceiptSeq
            ? state with { ReceiptSeq = moved.ReceiptSeq }
            : state;
    }

    /// <summary>Adds one member's receipt: the larger number wins, each with its own time. Rule RC-1.</summary>
    public static ConversationState To(ConversationState state, Receipt receipt)
    {
        var merged = state.Receipts.TryGetValue(receipt.AccountId, out var known) ? Larger(known, receipt) : receipt;
        return merged == known ? state : state with { Receipts = state.Receipts.SetItem(receipt.AccountId, merged) };
    }

    /// <summary>
    /// Adds a page of history that reaches up to what is cached. A page that would leave a hole is ignored.
    /// </summary>
    public static ConversationState To(ConversationState state, HistoryPage page, long before)
    {
        if (before < state.FromNumber)
            return state;

        var from = page is { HasBefore: true, Items.Count: > 0 } ? page.Items[0].Number : 1;
        var messages = state.Messages;
        foreach (var message in page.Items)
            messages = Put(messages, message, from);

        return state with { Messages = messages, FromNumber = Math.Min(state.FromNumber, from) };
    }

    /// <summary>
    /// Puts a snapshot in place. It replaces what is cached, unless the cache belongs to the same membership: then
    /// what is cached continues from its own cursor and the snapshot adds nothing that catch-up would not bring.
    /// </summary>
    public static ConversationState To(ConversationState? cached, ConversationSnapshot snapshot, AccountId me)
    {
        var fresh = Fresh(snapshot);
        return cached is null ? fresh
            : cached.Seq > snapshot.Seq || IsSameStay(cached, fresh, me) ? cached
            : KeepSettled(cached, fresh, me);
    }

    /// <summary>
    /// Remembers how far one's own messages had got, when those who decide about it have moved: only thereby could a
    /// status fall. Whoever received a message has received those before it, so a number each is enough.
    /// </summary>
    internal static ConversationState KeepSettled(ConversationState before, ConversationState after, AccountId me)
    {
        if (ReferenceEquals(before.Memberships, after.Memberships) && before.Conversation == after.Conversation)
            return after;

        var (delivered, read) = (before.DeliveredNumber, before.ReadNumber);
        foreach (var message in before.Messages.Values.Reverse().Where(message => message.AuthorId == me))
        {
            if (message.Number <= read)
                break;

            var status = Statuses.Of(message, before, settings: null);
            if (status >= MessageStatus.Delivered)
                delivered = Math.Max(delivered, message.Number);
            if (status != MessageStatus.Read)
                continue;

            read = message.Number;
            break;
        }

        return after with { DeliveredNumber = delivered, ReadNumber = read };
    }

    /// <summary>
    /// Whether one's own membership is the same in both, and not that of somebody who left and was added again.
    /// </summary>
    internal static bool IsSameStay(ConversationState one, ConversationState other, AccountId me) =>
        one.Memberships.TryGetValue(me, out var mine)
        && other.Memberships.TryGetValue(me, out var mineThere)
        && (mine.JoinedAt, mine.JoinedNumber) == (mineThere.JoinedAt, mineThere.JoinedNumber);

    /// <summary>Forgets the oldest cached messages, so that a device's cache stays small.</summary>
    public static ConversationState KeepLast(ConversationState state, int count)
    {
        if (state.Messages.Count <= count)
            return state;

        var kept = state.Messages.Values.Skip(state.Messages.Count - count).ToList();
        return state with
        {
            Messages = kept.ToImmutableSortedDictionary(message => message.Number, message => message),
            FromNumber = kept.Count > 0 ? kept[0].Number : state.HeadNumber + 1,
        };
    }

    private static ConversationState Fresh(ConversationSnapshot snapshot) => new(
        snapshot.Conversation,
        snapshot.Seq,
        snapshot.ReceiptSeq,
        snapshot.HeadNumber,
        snapshot.Messages.Count >= Limits.FirstPageCount ? snapshot.Messages[0].Number : 1,
        ReadWanted: 0,
        DeliveredNumber: 0,
        ReadNumber: 0,
        snapshot.Memberships.ToImmutableDictionary(membership => membership.AccountId),
        snapshot.Receipts.ToImmutableDictionary(receipt => receipt.AccountId),
        snapshot.Messages.ToImmutableSortedDictionary(message => message.Number, message => message));

    private static ImmutableSortedDictionary<long, Message> Put(
        ImmutableSortedDictionary<long, Message> messages, Message message, long from) =>
        message.Number < from
        || (messages.TryGetValue(message.Number, out var known) && known.ChangedSeq >= message.ChangedSeq)
            ? messages
            : messages.SetItem(message.Number, message);

    private static Receipt Larger(Receipt one, Receipt other)
    {
        var (delivered, deliveredAt) = Larger(
            (one.DeliveredNumber, one.DeliveredAt), (other.DeliveredNumber, other.DeliveredAt));
        var (read, readAt) = Larger((one.ReadNumber, one.ReadAt), (other.ReadNumber, other.ReadAt));
        return one with
        {
            DeliveredNumber = Math.Max(delivered, read),
            DeliveredAt = delivered >= read ? deliveredAt : readAt,
            ReadNumber = read,
            ReadAt = readAt,
        };
    }

    /// <summary>Of equal numbers the earlier known time counts, so that the order of arrival does not.</summary>
    private static (long Number, DateTimeOffset? At) Larger(
        (long Number, DateTimeOffset? At) one, (long Number, DateTimeOffset? At) other) =>
        one.Number > other.Number ? one
        : one.Number < other.Number ? other
        : (one.Number, one.At is null || other.At < one.At ? other.At : one.At);
}
