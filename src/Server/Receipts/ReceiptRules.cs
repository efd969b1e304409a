using Parley.Contract;
using Parley.Server.Journal;

namespace Parley.Server.Receipts;

/// <summary>How far somebody is, and what a message's status is then. Facts in, answer out.</summary>
internal static class ReceiptRules
{
    /// <summary>Rules RC-1, RC-2: only forward, never above the head, reading implies delivery.</summary>
    public static Watermarks Advance(Watermarks present, long delivered, long? read, long head)
    {
        var readNumber = Math.Max(present.Read, Math.Min(read ?? 0, head));
        var deliveredNumber = Math.Max(present.Delivered, Math.Min(Math.Max(delivered, readNumber), head));
        return new(deliveredNumber, Math.Max(readNumber, 0));
    }

    /// <summary>
    /// Who of the receivers at a message's sending decides about its status: those who are members still; when none is,
    /// whoever left last, so that the status stays what it was when that person was the only one left. Rule RC-5.
    /// </summary>
    public static IReadOnlyList<T> Deciding<T>(
        IReadOnlyList<T> present, IReadOnlyList<T> left, Func<T, long> leftSeq) =>
        present.Count > 0 || left.Count == 0 ? present : [left.MaxBy(leftSeq)!]; // Not null: there is one.

    /// <summary>Rules RC-5, RC-6. Without anybody else there is nobody to receive it.</summary>
    public static MessageStatus StatusOf(long number, bool isExpired, IReadOnlyList<ReaderMarks> others)
    {
        if (others.Count == 0 || others.Any(other => other.Marks.Delivered < number))
            return isExpired ? MessageStatus.Expired : MessageStatus.Sent;

        var shown = others.Where(other => other.ShowsReading).ToList();
        return shown.Count > 0 && shown.TrueForAll(other => other.Marks.Read >= number)
            ? MessageStatus.Read
            : MessageStatus.Delivered;
    }

    /// <summary>What one viewer may see of what others read (rule RC-6).</summary>
    public static Receipt AsSeenBy(Member viewer, Member reader, Receipt receipt) =>
        viewer.AccountId == reader.AccountId || (viewer.SendsReadReceipts == 1 && reader.SendsReadReceipts == 1)
            ? receipt
            : receipt with { ReadNumber = 0, ReadAt = null };
}

/// <summary>How far one member is.</summary>
internal readonly record struct Watermarks(long Delivered, long Read);

/// <summary>How far another member at a message's sending is.</summary>
internal readonly record struct ReaderMarks(Watermarks Marks, bool ShowsReading);
