using Parley.Contract;

namespace Parley.Client.Tests.Fakes;

/// <summary>One conversation of the fake server: what the protocol says a conversation is, in memory.</summary>
internal sealed class FakeLog(ConversationId id, DateTimeOffset now, IReadOnlyList<AccountId> members)
{
    private readonly Dictionary<AccountId, (Receipt Receipt, long Seq)> _receipts = members.ToDictionary(
        member => member, member => (new Receipt(id, member, 0, 0, null, null), 0L));

    public ConversationId Id => id;

    public long Seq { get; set; } = members.Count + 1;

    public long ReceiptSeq { get; private set; }

    public Dictionary<AccountId, Membership> Members { get; } = members.Select((member, at) =>
        new Membership(id, member, MembershipRole.Member, now, 0, null, at + 2)).ToDictionary(each => each.AccountId);

    public List<Message> Messages { get; } = [];

    public Conversation Conversation => new(
        id, ConversationKind.Direct, null, HistoryPolicy.FromJoining, Members.Count, now, null, 1);

    public IReadOnlyList<Receipt> Receipts => [.. _receipts.Values.Select(receipt => receipt.Receipt)];

    public Message Add(SendMessageRequest request, AccountId author, DateTimeOffset at)
    {
        var message = new Message(
            request.Id, id, Messages.Count + 1, author, request.Body, at, null, null, null, null, 1, ++Seq);
        Messages.Add(message);
        return message;
    }

    public Message Replace(Message message)
    {
        Messages[(int)message.Number - 1] = message with { ChangedSeq = ++Seq };
        return Messages[(int)message.Number - 1];
    }

    /// <summary>Null when nothing moved.</summary>
    public ReceiptsMoved? Advance(AccountId member, AdvanceReceiptsRequest request, DateTimeOffset at)
    {
        var before = _receipts[member].Receipt;
        var read = Math.Max(before.ReadNumber, Math.Min(request.ReadNumber ?? 0, Messages.Count));
        var asked = Math.Min(request.DeliveredNumber, Messages.Count);
        var delivered = Math.Max(read, Math.Max(before.DeliveredNumber, asked));
        if (read == before.ReadNumber && delivered == before.DeliveredNumber)
            return null;

        var after = before with
        {
            DeliveredNumber = delivered,
            DeliveredAt = delivered > before.DeliveredNumber ? at : before.DeliveredAt,
            ReadNumber = read,
            ReadAt = read > before.ReadNumber ? at : before.ReadAt,
        };
        _receipts[member] = (after, ++ReceiptSeq);
        return new(id, ReceiptSeq - 1, ReceiptSeq, [after]);
    }

    public Receipt ReceiptOf(AccountId member) => _receipts[member].Receipt;

    public ReceiptsMoved ReceiptsAfter(long after) => new(
        id, after, ReceiptSeq, [.. _receipts.Values.Where(each => each.Seq > after).Select(each => each.Receipt)]);

    /// <summary>One member leaves and is added again, who then sees only what is said from now on.</summary>
    public void Rejoin(AccountId member, DateTimeOffset at)
    {
        Seq += 2;
        Members[member] = Members[member] with { JoinedAt = at, JoinedNumber = Messages.Count, ChangedSeq = Seq };
    }

    public Changes ChangesAfter(AccountId viewer, long after, int countMax)
    {
        var moved = SeenBy(viewer).Where(message => message.ChangedSeq > after)
            .OrderBy(message => message.ChangedSeq)
            .ToList();
        var page = moved.Take(countMax).ToList();
        var hasMore = moved.Count > page.Count;
        return new(
            id,
            after,
            hasMore ? page[^1].ChangedSeq : Seq,
            Messages.Count,
            null,
            [.. Members.Values.Where(member => member.ChangedSeq > after)],
            [.. page.OrderBy(message => message.Number)],
            hasMore);
    }

    public ConversationSnapshot Snapshot(AccountId viewer) => new(
        Conversation, Seq, ReceiptSeq, Messages.Count, [.. Members.Values], Receipts,
        [.. SeenBy(viewer).TakeLast(Limits.FirstPageCount)], []);

    private IEnumerable<Message> SeenBy(AccountId viewer) =>
        Messages.Where(message => message.Number > (Members.GetValueOrDefault(viewer)?.JoinedNumber ?? 0));
}
