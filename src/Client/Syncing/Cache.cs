using System.Collections.Immutable;
using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>
/// The state as it is known, and the state as it is shown. They differ only while a conversation catches up over
/// several pages: until the last one is there nobody sees a message whose predecessor is still missing (invariant D10).
/// </summary>
internal sealed class Cache(ClientState loaded)
{
    private readonly HashSet<ConversationId> _behind = [];
    private volatile ClientState _known = loaded;
    private volatile ClientState _shown = loaded;

    public ClientState Known => _known;

    public ClientState Shown => _shown;

    public void Put(ConversationState state)
    {
        _known = _known with { Conversations = _known.Conversations.SetItem(state.Id, state) };
        if (!_behind.Contains(state.Id))
            Show(state);
    }

    /// <summary>Says whether more pages are to come before the conversation may be shown.</summary>
    public void SetBehind(ConversationId id, bool isBehind)
    {
        if (isBehind)
            _behind.Add(id);
        else if (_behind.Remove(id) && _known.Conversations.TryGetValue(id, out var state))
            Show(state);
    }

    public void Forget(ConversationId id)
    {
        _behind.Remove(id);
        _known = _known with { Conversations = _known.Conversations.Remove(id) };
        _shown = _shown with { Conversations = _shown.Conversations.Remove(id) };
    }

    public void SetAccount(string? epoch, long accountSeq, AccountSettings? settings)
    {
        _known = _known with { Epoch = epoch, AccountSeq = accountSeq, Settings = settings };
        _shown = _shown with { Epoch = epoch, AccountSeq = accountSeq, Settings = settings };
    }

    public void AddPeople(IReadOnlyList<Person> people)
    {
        var known = _known.People;
        foreach (var person in people)
        {
            if (!known.TryGetValue(person.Id, out var before) || !Same(before, person))
                known = known.SetItem(person.Id, person);
        }

        if (ReferenceEquals(known, _known.People))
            return;

        _known = _known with { People = known };
        _shown = _shown with { People = known };
    }

    public void Reset()
    {
        _behind.Clear();
        _known = ClientState.Empty with { People = _known.People };
        _shown = _known;
    }

    private static bool Same(Person one, Person other) =>
        one.Name == other.Name && one.Handle == other.Handle && one.Role == other.Role && one.IsActive == other.IsActive
        && one.Attributes.Count == other.Attributes.Count && !one.Attributes.Except(other.Attributes).Any();

    private void Show(ConversationState state) =>
        _shown = _shown with { Conversations = _shown.Conversations.SetItem(state.Id, state) };
}
