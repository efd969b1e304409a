using Parley.Contract;

namespace Parley.Client.Tests.Fakes;

/// <summary>The verbs, for one caller.</summary>
internal sealed class FakeHub(FakeServer server, AccountId me, FakeLink? link) : IParleyHub
{
    public Task<Reply<MessageSent>> Send(SendMessageRequest request)
    {
        var known = server.Logs.Values.SelectMany(log => log.Messages).FirstOrDefault(each => each.Id == request.Id);
        if (known is not null)
            return known.Body == request.Body && known.AuthorId == me
                ? Answer(new MessageSent(known.Id, known.ConversationId, known.Number, known.ChangedSeq, known.SentAt))
                : Refuse<MessageSent>(RefusalCode.IdTaken);
        if (!server.Logs.TryGetValue(request.ConversationId, out var log))
            return Refuse<MessageSent>(RefusalCode.NotFound);

        var message = log.Add(request, me, server.Now);
        Push(log, message, link);
        return Answer(new MessageSent(message.Id, log.Id, message.Number, message.ChangedSeq, message.SentAt));
    }

    public Task<Reply<Message>> Edit(EditMessageRequest request)
    {
        var log = server.Logs[request.ConversationId];
        var message = log.Messages.Single(each => each.Id == request.Id);
        if (request.Version is { } version && version != message.Version)
            return Refuse<Message>(RefusalCode.VersionConflict);

        var edited = log.Replace(message with
        {
            Body = request.Body,
            EditedAt = server.Now,
            Version = message.Version + 1,
        });
        Push(log, edited, null);
        return Answer(edited);
    }

    public Task<Reply<Message>> Remove(RemoveMessageRequest request)
    {
        var log = server.Logs[request.ConversationId];
        var removed = log.Replace(log.Messages.Single(each => each.Id == request.Id) with
        {
            Body = null,
            RemovedAt = server.Now,
            RemovedBy = me,
        });
        Push(log, removed, null);
        return Answer(removed);
    }

    public Task<Reply<HistoryPage>> History(GetHistoryRequest request)
    {
        var before = server.Logs[request.ConversationId].Messages
            .Where(message => message.Number < (request.Number ?? long.MaxValue)).ToList();
        var page = before.TakeLast(request.Count ?? Limits.PageCount).ToList();
        return Answer(new HistoryPage(page, before.Count > page.Count, false));
    }

    public Task<Reply<Receipt>> AdvanceReceipts(AdvanceReceiptsRequest request)
    {
        var log = server.Logs[request.ConversationId];
        if (log.Advance(me, request, server.Now) is { } moved)
        {
            foreach (var member in log.Members.Keys)
                server.Push(member, Wire.ReceiptsTarget, client => client.Receipts(moved));
        }

        return Answer(log.ReceiptOf(me));
    }

    public Task<Reply<SyncReply>> Sync(SyncRequest request)
    {
        var logs = server.LogsOf(me);
        var isReset = (request.Epoch is not null && request.Epoch != server.Epoch)
            || request.AccountSeq > server.AccountSeqOf(me);
        var isFresh = isReset || request.AccountSeq < server.AccountSeqOf(me);
        var asked = isReset ? [] : request.Conversations
            .Select(cursor => (Cursor: cursor, Log: server.Logs.GetValueOrDefault(cursor.ConversationId))).ToList();
        return Answer(new SyncReply(
            server.Epoch,
            isReset,
            server.Now,
            new(
                isReset ? 0 : request.AccountSeq,
                server.AccountSeqOf(me),
                isFresh ? [.. logs.Select(log => log.Snapshot(me))] : [],
                [],
                new(PresenceChoice.Auto, true, true),
                [],
                false),
            [.. asked.Where(each => each.Log is { } log && log.Seq > each.Cursor.Seq)
                .Select(each => each.Log!.ChangesAfter(me, each.Cursor.Seq, server.PageCount))],
            [.. asked.Where(each => each.Log is { } log && log.ReceiptSeq > each.Cursor.ReceiptSeq)
                .Select(each => each.Log!.ReceiptsAfter(each.Cursor.ReceiptSeq))],
            [.. asked.Where(each => each.Log?.Members.ContainsKey(me) != true)
                .Select(each => each.Cursor.ConversationId)]));
    }

    public Task<Reply<Changes>> Changes(GetChangesRequest request) =>
        Answer(server.Logs[request.ConversationId].ChangesAfter(me, request.AfterSeq, server.PageCount));

    public Task<Reply<ConversationSnapshot>> OpenDirect(OpenDirectRequest request)
    {
        var log = server.LogsOf(me).FirstOrDefault(each => each.Members.ContainsKey(request.With));
        return Answer((log ?? server.Logs[server.Add(me, request.With)]).Snapshot(me));
    }

    public Task<Reply<People>> People(GetPeopleRequest request) => Answer(new People([.. request.Ids.Select(id =>
        new Person(id, "p" + id, "Person", Role.Member, new Dictionary<string, string>(), true))]));

    public Task<Reply<Done>> Typing(TypingRequest request) => Answer(Done.Instance);

    public Task<Reply<Presences>> WatchPresence(WatchPresenceRequest request) => Answer(new Presences([]));

    public Task<Reply<MessageReceipts>> MessageReceipts(GetMessageReceiptsRequest request) => throw Unused();

    public Task<Reply<ConversationSnapshot>> CreateGroup(CreateGroupRequest request) => throw Unused();

    public Task<Reply<Done>> AddMembers(AddMembersRequest request) => throw Unused();

    public Task<Reply<Done>> RemoveMember(RemoveMemberRequest request) => throw Unused();

    public Task<Reply<Done>> SetMemberRole(SetMemberRoleRequest request) => throw Unused();

    public Task<Reply<Done>> RenameGroup(RenameGroupRequest request) => throw Unused();

    public Task<Reply<Done>> SetArchived(SetArchivedRequest request) => throw Unused();

    public Task<Reply<MembersPage>> Members(GetMembersRequest request) => throw Unused();

    public Task<Reply<AccountSettings>> SetSettings(SetSettingsRequest request) =>
        Answer(new AccountSettings(PresenceChoice.Auto, true, request.SendsReadReceipts ?? true));

    private void Push(FakeLog log, Message message, FakeLink? except)
    {
        var changes = new Changes(
            log.Id, message.ChangedSeq - 1, message.ChangedSeq, log.Messages.Count, null, [], [message], false);
        foreach (var member in log.Members.Keys)
            server.Push(member, Wire.ChangesTarget, client => client.Changes(changes), except);
    }

    private static NotSupportedException Unused() => new("No test asks the fake server for this yet.");

    private static Task<Reply<T>> Answer<T>(T value) where T : class => Task.FromResult(new Reply<T>(value, null));

    private static Task<Reply<T>> Refuse<T>(RefusalCode code) where T : class =>
        Task.FromResult(new Reply<T>(null, new(code, code.ToString())));
}
