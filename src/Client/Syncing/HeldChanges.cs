using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>
/// Changes that came before what they continue from. Most gaps close by themselves: acks and pushes cross.
/// </summary>
internal sealed class HeldChanges
{
    /// <summary>Per conversation. Beyond it the oldest are let go; they are fetched anyway.</summary>
    private const int CountMax = 256;

    private readonly Dictionary<ConversationId, List<Changes>> _held = [];

    public void Hold(Changes changes)
    {
        if (!_held.TryGetValue(changes.ConversationId, out var list))
            _held.Add(changes.ConversationId, list = []);
        if (list.Count == CountMax)
            list.RemoveAt(0);
        list.Add(changes);
    }

    public bool Has(ConversationId id) => _held.ContainsKey(id);

    /// <summary>Takes everything that continues from the state's cursor, and lets go what it holds already.</summary>
    public ConversationState Drain(ConversationState state)
    {
        if (!_held.TryGetValue(state.Id, out var list))
            return state;

        while (list.Find(changes => changes.AfterSeq <= state.Seq) is { } next)
        {
            list.Remove(next);
            if (next.Seq > state.Seq)
                state = Apply.To(state, next);
        }

        if (list.Count == 0)
            _held.Remove(state.Id);
        return state;
    }

    public void Forget(ConversationId id) => _held.Remove(id);

    public void Clear() => _held.Clear();
}
