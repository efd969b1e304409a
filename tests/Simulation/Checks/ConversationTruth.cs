using Parley.Contract;

namespace Parley.Simulation.Checks;

/// <summary>All that was ever committed in one conversation, and the rules every further commit must keep.</summary>
internal sealed class ConversationTruth(ConversationId id, Action<string, string> violated)
{
    private readonly Dictionary<MessageId, List<MessageTruth>> _states = [];
    private readonly Dictionary<AccountId, List<Stay>> _stays = [];

    public ConversationId Id => id;

    public long HeadSeq { get; private set; }

    public long HeadNumber { get; private set; }

    public long ReceiptSeq { get; private set; }

    /// <summary>By number, as they are now.</summary>
    public SortedDictionary<long, MessageTruth> Messages { get; } = [];

    public IEnumerable<AccountId> Members => _stays.Where(person => IsIn(person.Value)).Select(person => person.Key);

    public MessageTruth? Find(MessageId message) => _states.GetValueOrDefault(message)?[^1];

    /// <summary>The message as a change left it.</summary>
    public MessageTruth? Find(MessageId message, long seq) =>
        _states.GetValueOrDefault(message)?.Find(state => state.Seq == seq);

    public Stay? StayOf(AccountId account) =>
        _stays.GetValueOrDefault(account) is { } stays && IsIn(stays) ? stays[^1] : null;

    public bool IsMember(AccountId account) => StayOf(account) is not null;

    /// <summary>Whether the person was ever to see the message in the state a change gave it.</summary>
    public bool MaySee(AccountId account, long number, long seq) =>
        _stays.GetValueOrDefault(account)?.Exists(stay => stay.Saw(number, seq)) ?? false;

    /// <summary>The state of each message that a person may see, after a change.</summary>
    public IEnumerable<MessageTruth> SeenAt(Stay stay, long seq) => _states.Values
        .Select(states => states.FindLast(state => state.Seq <= seq))
        .OfType<MessageTruth>()
        .Where(state => state.Number > stay.VisibleAfter);

    public void Commit(IReadOnlyList<AuditRow> rows)
    {
        var (headBefore, numberBefore) = (HeadSeq, HeadNumber);
        var seqs = new List<long>();
        foreach (var row in rows)
        {
            switch (row.Kind)
            {
                case "message":
                    Put(row);
                    break;
                case "membership":
                    PutStay(row);
                    break;
                default:
                    (HeadSeq, HeadNumber, ReceiptSeq) = (row.Head, row.Number, row.Read);
                    break;
            }

            if (row.Seq > headBefore && !seqs.Contains(row.Seq))
                seqs.Add(row.Seq);
            else if (row.Seq > headBefore && row.Kind == "message")
                violated("D5", $"two changes of {id} share seq {row.Seq}");
        }

        if (seqs.Count != HeadSeq - headBefore || seqs.Exists(seq => seq > HeadSeq))
            violated("D5", $"seq of {id} went from {headBefore} to {HeadSeq} by changes {string.Join(',', seqs)}");
        for (var number = numberBefore + 1; number <= HeadNumber; number++)
        {
            if (!Messages.ContainsKey(number))
                violated("D5", $"message {number} of {id} is missing below the head {HeadNumber}");
        }

        if (Messages.Count > HeadNumber)
            violated("D5", $"{id} holds {Messages.Count} messages, its head says {HeadNumber}");
    }

    private static bool IsIn(List<Stay> stays) => stays[^1].LeaveSeq is null;

    private void Put(AuditRow row)
    {
        var state = new MessageTruth(
            new(new(row.Subject, bigEndian: true)),
            new(new(row.Author!, bigEndian: true)), // A message has one.
            row.Number,
            row.Seq,
            row.Body,
            row.Version,
            row.EndedAt is not null);
        if (!_states.TryGetValue(state.Id, out var states))
            _states.Add(state.Id, states = []);
        else if (states[^1].IsRemoved && !state.IsRemoved)
            violated("V1", $"removed message {row.Number} of {id} came back");

        states.Add(state);
        Messages[row.Number] = state;
    }

    private void PutStay(AuditRow row)
    {
        var account = new AccountId(new(row.Subject, bigEndian: true));
        if (!_stays.TryGetValue(account, out var stays))
            _stays.Add(account, stays = []);
        if (row.EndedAt is not null)
        {
            stays[^1].LeaveSeq ??= row.Seq;
            return;
        }

        if (stays.Count == 0 || !IsIn(stays))
        {
            stays.Add(new(row.Seq, row.Number, row.Version) { Delivered = row.Delivered, Read = row.Read });
            return;
        }

        var stay = stays[^1];
        if (row.Delivered < stay.Delivered || row.Read < stay.Read)
        {
            violated(
                "S2", $"receipt of {account} in {id} went from {stay.Delivered}/{stay.Read} to "
                + $"{row.Delivered}/{row.Read}");
        }

        if (row.Delivered > HeadNumber)
            violated("S3", $"receipt of {account} in {id} is {row.Delivered}, above the head {HeadNumber}");
        (stay.Delivered, stay.Read) = (row.Delivered, row.Read);
    }
}
