using Parley.Contract;

namespace Parley.Client.Applying;

/// <summary>Pure answers about what is cached: how far a message got, how many are unread.</summary>
public static class Statuses
{
    /// <summary>
    /// How far one of the person's own messages got. Never falls: what was seen as settled before members moved counts
    /// where those who are known now cannot tell. Above 64 members a device knows only some receipts; then the answer
    /// is a lower bound, and <see cref="ParleyClient.ReceiptsOfAsync"/> gives the exact one. Rule RC-5.
    /// </summary>
    public static MessageStatus OfOwn(Message message, ConversationState state, AccountSettings? settings)
    {
        var shown = Of(message, state, settings);
        var kept = message.Number > state.DeliveredNumber ? MessageStatus.Sent
            : message.Number > state.ReadNumber || settings is { SendsReadReceipts: false } ? MessageStatus.Delivered
            : MessageStatus.Read;
        return kept > shown ? kept : shown;
    }

    /// <summary>
    /// How far a message got, over the other members at its sending who are members still; when none is, over whoever
    /// of them left last. Rule RC-5.
    /// </summary>
    /// <remarks>
    /// Who hides read receipts cannot be told from who has not read, so here such members keep a message at
    /// <see cref="MessageStatus.Delivered"/>; the server's answer leaves them out (rule RC-6).
    /// </remarks>
    public static MessageStatus Of(Message message, ConversationState state, AccountSettings? settings)
    {
        var receivers = state.Memberships.Values
            .Where(other => other.AccountId != message.AuthorId && other.JoinedNumber < message.Number)
            .ToList();
        var present = receivers.FindAll(other => other.LeftAt is null);
        var others = (present.Count > 0 ? present : receivers.OrderByDescending(other => other.ChangedSeq).Take(1))
            .Select(other => state.Receipts.GetValueOrDefault(other.AccountId))
            .ToList();
        var knowsEverybody = state.Memberships.Values.Count(other => other.LeftAt is null)
            >= state.Conversation.MemberCount;
        var isDelivered = others.Count > 0 && knowsEverybody
            && others.TrueForAll(receipt => receipt?.DeliveredNumber >= message.Number);
        if (!isDelivered)
            return message.ExpiredAt is null ? MessageStatus.Sent : MessageStatus.Expired;

        return settings is not { SendsReadReceipts: false }
            && others.TrueForAll(receipt => receipt?.ReadNumber >= message.Number)
            ? MessageStatus.Read
            : MessageStatus.Delivered;
    }

    /// <summary>
    /// Messages of others above the person's read mark that stand: what a badge shows. Exact as long as the read mark
    /// is within what is cached; else a lower bound.
    /// </summary>
    public static int Unread(ConversationState state, AccountId me)
    {
        var read = Math.Max(state.ReadWanted, state.Receipts.GetValueOrDefault(me)?.ReadNumber ?? 0);
        var joined = state.Memberships.GetValueOrDefault(me)?.JoinedNumber ?? 0;
        return state.Messages.Values.Reverse()
            .TakeWhile(message => message.Number > Math.Max(read, joined))
            .Count(message => message.AuthorId != me && message.RemovedAt is null);
    }
}
