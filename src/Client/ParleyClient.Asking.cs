using Parley.Contract;

namespace Parley.Client;

/// <summary>The verbs that need an answer: over the link, or over HTTP when there is none.</summary>
public sealed partial class ParleyClient
{
    /// <summary>Finds or makes the direct conversation with a person. Rule CV-1. Refusals: notFound.</summary>
    public async Task<ConversationId> OpenDirectAsync(AccountId with, CancellationToken cancel = default)
    {
        var known = State.Conversations.Values.FirstOrDefault(state =>
            state.Conversation.Kind == ConversationKind.Direct && with != Me && state.Memberships.ContainsKey(with));
        return known is not null
            ? known.Id
            : await JoinAsync(Verbs.OpenDirect, new(with), cancel).ConfigureAwait(false);
    }

    /// <summary>Makes a group; its history is readable from joining unless said otherwise. Refusals: invalid,
    /// forbidden, groupFull, notFound.</summary>
    public Task<ConversationId> CreateGroupAsync(
        string name,
        IReadOnlyList<AccountId> members,
        HistoryPolicy history = HistoryPolicy.FromJoining,
        CancellationToken cancel = default) =>
        JoinAsync(
            Verbs.CreateGroup,
            new(new(Ids.New(_parts.Time.GetUtcNow(), _parts.Chance)), name, members, history),
            cancel);

    /// <summary>
    /// Reads the page before what is cached (or before a number), oldest first, and caches it. Rule HI-1. Refusals:
    /// notFound.
    /// </summary>
    public async Task<HistoryPage> HistoryAsync(
        ConversationId conversation, long? before = null, int? count = null, CancellationToken cancel = default)
    {
        var from = before ?? State.Conversations.GetValueOrDefault(conversation)?.FromNumber;
        var page = await _engine.CallAsync(
            Verbs.History, new(conversation, HistoryDirection.Before, from, count), cancel).ConfigureAwait(false);
        await _engine.ChangeAsync(cache =>
        {
            if (cache.Known.Conversations.TryGetValue(conversation, out var known))
                cache.Put(Apply.To(known, page, from ?? long.MaxValue));
        }).ConfigureAwait(false);
        return page;
    }

    /// <summary>
    /// Replaces the text of one's own message as it was when last seen. Refusals: notFound, forbidden, removed,
    /// versionConflict, empty, tooLong, archived. Rules MS-5, MS-6.
    /// </summary>
    public async Task<Message> EditAsync(Message message, string body, CancellationToken cancel = default) =>
        await TakeAsync(_engine.CallAsync(
            Verbs.Edit, new(message.ConversationId, message.Id, body, message.Version), cancel)).ConfigureAwait(false);

    /// <summary>
    /// Removes a message: one's own, or any in a group one owns. Rule MS-5. Refusals: notFound, forbidden.
    /// </summary>
    public async Task<Message> RemoveAsync(
        ConversationId conversation, MessageId message, CancellationToken cancel = default) =>
        await TakeAsync(_engine.CallAsync(Verbs.Remove, new(conversation, message), cancel)).ConfigureAwait(false);

    /// <summary>Who received and read a message, and when. Refusals: notFound, forbidden.</summary>
    public Task<MessageReceipts> ReceiptsOfAsync(Message message, CancellationToken cancel = default) =>
        _engine.CallAsync(Verbs.MessageReceipts, new(message.ConversationId, message.Number), cancel);

    /// <summary>Adds people to a group (owners). Refusals: notFound, forbidden, groupFull, notAGroup.</summary>
    public Task AddMembersAsync(
        ConversationId conversation, IReadOnlyList<AccountId> members, CancellationToken cancel = default) =>
        ChangeAsync(Verbs.AddMembers, new(conversation, members), conversation, cancel);

    /// <summary>
    /// Removes a person from a group (owners), or leaves it. Refusals: notFound, forbidden, lastOwner, notAGroup.
    /// </summary>
    public Task RemoveMemberAsync(
        ConversationId conversation, AccountId member, CancellationToken cancel = default) =>
        ChangeAsync(Verbs.RemoveMember, new(conversation, member), conversation, cancel);

    /// <summary>Names or unnames an owner (owners). Refusals: notFound, forbidden, lastOwner, notAGroup.</summary>
    public Task SetMemberRoleAsync(
        ConversationId conversation, AccountId member, MembershipRole role, CancellationToken cancel = default) =>
        ChangeAsync(Verbs.SetMemberRole, new(conversation, member, role), conversation, cancel);

    /// <summary>Renames a group (owners). Refusals: notFound, forbidden, invalid, notAGroup.</summary>
    public Task RenameGroupAsync(ConversationId conversation, string name, CancellationToken cancel = default) =>
        ChangeAsync(Verbs.RenameGroup, new(conversation, name), conversation, cancel);

    /// <summary>Archives or reopens. Rule CV-4. Refusals: notFound, forbidden.</summary>
    public Task SetArchivedAsync(ConversationId conversation, bool archived, CancellationToken cancel = default) =>
        ChangeAsync(Verbs.SetArchived, new(conversation, archived), conversation, cancel);

    /// <summary>A page of members, at most 200, with names and receipts. Refusals: notFound.</summary>
    public Task<MembersPage> MembersAsync(
        ConversationId conversation, AccountId? after = null, CancellationToken cancel = default) =>
        _engine.CallAsync(Verbs.Members, new(conversation, after), cancel);

    /// <summary>Looks people up by id, up to 100; those one may not see are left out.</summary>
    public async Task<IReadOnlyList<Person>> PeopleAsync(
        IReadOnlyList<AccountId> ids, CancellationToken cancel = default)
    {
        var people = await _engine.CallAsync(Verbs.People, new(ids), cancel).ConfigureAwait(false);
        await _engine.ChangeAsync(cache => cache.AddPeople(people.Items)).ConfigureAwait(false);
        return people.Items;
    }

    /// <summary>Changes the person's settings; what is left out stays.</summary>
    public async Task<AccountSettings> SetSettingsAsync(SetSettingsRequest settings, CancellationToken cancel = default)
    {
        var answer = await _engine.CallAsync(Verbs.SetSettings, settings, cancel).ConfigureAwait(false);
        await _engine.ChangeAsync(cache => cache.SetAccount(cache.Known.Epoch, cache.Known.AccountSeq, answer))
            .ConfigureAwait(false);
        return answer;
    }

    private async Task<ConversationId> JoinAsync<TRequest>(
        Verb<TRequest, ConversationSnapshot> verb, TRequest request, CancellationToken cancel)
    {
        var snapshot = await _engine.CallAsync(verb, request, cancel).ConfigureAwait(false);
        await _engine.Mailbox.AskAsync(() =>
        {
            _engine.Sync.Join(snapshot);
            return true;
        }).ConfigureAwait(false);
        return snapshot.Conversation.Id;
    }

    private async Task<Message> TakeAsync(Task<Message> answer)
    {
        var message = await answer.ConfigureAwait(false);
        await _engine.Mailbox.AskAsync(() =>
        {
            _engine.Sync.Take(message);
            return true;
        }).ConfigureAwait(false);
        return message;
    }

    /// <summary>Does it, and does not wait for the push to see it.</summary>
    private async Task ChangeAsync<TRequest>(
        Verb<TRequest, Done> verb, TRequest request, ConversationId conversation, CancellationToken cancel)
    {
        await _engine.CallAsync(verb, request, cancel).ConfigureAwait(false);
        _engine.Mailbox.Post(() => _engine.Sync.Fill(conversation));
    }
}
