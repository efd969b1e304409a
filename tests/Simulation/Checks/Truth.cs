using Parley.Contract;

namespace Parley.Simulation.Checks;

/// <summary>
/// What is on the server's disk, commit by commit: the judge of everything servers and devices say. It learns from the
/// database's own triggers and shares no code with the server.
/// </summary>
internal sealed class Truth(Action<string, string> violated)
{
    private readonly Dictionary<ConversationId, ConversationTruth> _conversations = [];
    private readonly Dictionary<string, MessageId> _bodies = [];

    public long LastRow { get; private set; }

    public IReadOnlyCollection<ConversationTruth> Conversations => _conversations.Values;

    /// <summary>Told after each commit, with the conversations it moved.</summary>
    public Action<ConversationTruth> Moved { get; set; } = _ => { };

    public ConversationTruth Of(ConversationId id)
    {
        if (!_conversations.TryGetValue(id, out var conversation))
            _conversations.Add(id, conversation = new(id, violated));
        return conversation;
    }

    public MessageTruth? Find(ConversationId conversation, MessageId message) => Of(conversation).Find(message);

    public void Commit(IReadOnlyList<AuditRow> rows)
    {
        if (rows.Count == 0)
            return;

        LastRow = rows[^1].Row;
        foreach (var row in rows.Where(row => row is { Kind: "message", Body: not null, Version: 1 }))
        {
            var id = new MessageId(new(row.Subject, bigEndian: true));
            if (!_bodies.TryAdd(row.Body!, id) && _bodies[row.Body!] != id)
                violated("D3", $"'{row.Body}' is stored twice");
        }

        foreach (var group in rows.GroupBy(row => new ConversationId(new(row.ConversationId, bigEndian: true))))
        {
            var conversation = Of(group.Key);
            var before = conversation.HeadSeq;
            conversation.Commit([.. group]);
            CheckReceipts(conversation);
            if (conversation.HeadSeq > before)
                Moved(conversation);
        }
    }

    private void CheckReceipts(ConversationTruth conversation)
    {
        foreach (var stay in conversation.Members.Select(conversation.StayOf).OfType<Stay>())
        {
            if (stay.Read > stay.Delivered)
                violated("S2", $"read {stay.Read} above delivered {stay.Delivered} in {conversation.Id}");
        }
    }
}
