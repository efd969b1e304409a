using Parley.Contract;

namespace Parley.Server.Tests.Engine;

/// <summary>
/// The simplest device that keeps the protocol's rules: what it holds after applying pushes must equal what a fresh one
/// holds after catching up. Independent of the SDK, so that the two check each other.
/// </summary>
internal sealed class Device
{
    public SortedDictionary<Guid, Message> Messages { get; } = [];

    public SortedDictionary<Guid, Membership> Memberships { get; } = [];

    public SortedDictionary<Guid, Receipt> Receipts { get; } = [];

    public Conversation? Conversation { get; private set; }

    public long Seq { get; private set; }

    public long ReceiptSeq { get; private set; }

    public static Device From(ConversationSnapshot snapshot)
    {
        var device = new Device
        {
            Conversation = snapshot.Conversation,
            Seq = snapshot.Seq,
            ReceiptSeq = snapshot.ReceiptSeq,
        };
        foreach (var message in snapshot.Messages)
            device.Messages[message.Id.Value] = message;
        foreach (var membership in snapshot.Memberships)
            device.Memberships[membership.AccountId.Value] = membership;
        foreach (var receipt in snapshot.Receipts)
            device.Receipts[receipt.AccountId.Value] = receipt;

        return device;
    }

    /// <summary>Rule SY-3. True when there is a gap to fetch.</summary>
    public bool Apply(Changes changes)
    {
        if (changes.Seq <= Seq)
            return false;

        if (changes.AfterSeq > Seq)
            return true;

        Seq = changes.Seq;
        if (changes.Conversation is { } conversation && conversation.ChangedSeq > Conversation!.ChangedSeq)
            Conversation = conversation;

        foreach (var message in changes.Messages)
        {
            if (!Messages.TryGetValue(message.Id.Value, out var held) || held.ChangedSeq < message.ChangedSeq)
                Messages[message.Id.Value] = message;
        }

        foreach (var membership in changes.Memberships)
        {
            if (membership.LeftAt is not null)
                Memberships.Remove(membership.AccountId.Value);
            else
                Memberships[membership.AccountId.Value] = membership;
        }

        return false;
    }

    /// <summary>Rules RC-1, RC-4.</summary>
    public void Apply(ReceiptsMoved moved)
    {
        foreach (var receipt in moved.Items)
        {
            var held = Receipts.GetValueOrDefault(receipt.AccountId.Value) ?? receipt;
            Receipts[receipt.AccountId.Value] = receipt with
            {
                DeliveredNumber = Math.Max(held.DeliveredNumber, receipt.DeliveredNumber),
                ReadNumber = Math.Max(held.ReadNumber, receipt.ReadNumber),
            };
        }

        if (moved.AfterReceiptSeq <= ReceiptSeq)
            ReceiptSeq = Math.Max(ReceiptSeq, moved.ReceiptSeq);
    }
}
