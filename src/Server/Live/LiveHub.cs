using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Presence;
using Parley.Server.Typing;
using Parley.Server.Receipts;
using Parley.Server.Sync;

namespace Parley.Server.Live;

/// <summary>
/// The hub's door: one line per verb, the same verbs as over HTTP (rule WR-1). The session and the limits are judged
/// before each call by <see cref="LiveFilter"/>.
/// </summary>
[Authorize(LiveModule.TicketPolicy)]
internal sealed class LiveHub(
    LiveConnections connections, PresenceTracker presence, TypingLeases typing, Sessions sessions) : Hub
{
    private LiveConnection Connection => Context.Features.Get<LiveConnection>()!; // set in OnConnectedAsync

    private Caller Caller => Connection.Caller;

    private CancellationToken Aborted => Context.ConnectionAborted;

    public override async Task OnConnectedAsync()
    {
        var caller = Context.GetHttpContext()!.Features.Get<Caller>()!; // the ticket's, or the policy had refused
        var connection = new LiveConnection(
            Context.Features.Get<HubConnectionContext>()!, caller with { ConnectionId = Context.ConnectionId });
        Context.Features.Set(connection);
        connections.Add(connection);
        presence.Connected(caller.AccountId, Context.ConnectionId);

        // Since the ticket was judged the session may have ended; whoever was told then did not see this connection.
        if (await sessions.CheckAsync(caller.AccountId, caller.DeviceId, Aborted) is null)
            connection.Abort();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Remove(Connection);
        Connection.Gone();
        // The framework cancels when nothing has come for as long as it waits: the person has been silent since then.
        var silentFor = exception is OperationCanceledException ? LiveModule.SilenceMax : TimeSpan.Zero;
        presence.Disconnected(Caller.AccountId, Context.ConnectionId, silentFor);
        typing.Disconnected(Caller.AccountId, Context.ConnectionId);
        return Task.CompletedTask;
    }

    public Task<Reply<MessageSent>> Send(SendMessageRequest request, SendMessage send) =>
        Reply(send.RunAsync(Caller, request));

    public Task<Reply<Message>> Edit(EditMessageRequest request, EditMessage edit) =>
        Reply(edit.RunAsync(Caller, request, Aborted));

    public Task<Reply<Message>> Remove(RemoveMessageRequest request, RemoveMessage remove) =>
        Reply(remove.RunAsync(Caller, request, Aborted));

    public Task<Reply<HistoryPage>> History(GetHistoryRequest request, GetHistory history) =>
        Reply(history.RunAsync(Caller, request, Aborted));

    public Task<Reply<Receipt>> AdvanceReceipts(AdvanceReceiptsRequest request, AdvanceReceipts advance) =>
        Reply(advance.RunAsync(Caller, request));

    public Task<Reply<MessageReceipts>> MessageReceipts(
        GetMessageReceiptsRequest request, GetMessageReceipts receipts) =>
        Reply(receipts.RunAsync(Caller, request, Aborted));

    public Task<Reply<SyncReply>> Sync(SyncRequest request, SyncDevice sync) =>
        Reply(sync.RunAsync(Caller, request, Aborted));

    public Task<Reply<Changes>> Changes(GetChangesRequest request, GetChanges changes) =>
        Reply(changes.RunAsync(Caller, request, Aborted));

    public Task<Reply<ConversationSnapshot>> OpenDirect(OpenDirectRequest request, OpenDirect open) =>
        Reply(open.RunAsync(Caller, request, Aborted));

    public Task<Reply<ConversationSnapshot>> CreateGroup(CreateGroupRequest request, CreateGroup make) =>
        Reply(make.RunAsync(Caller, request, Aborted));

    public Task<Reply<Done>> AddMembers(AddMembersRequest request, AddMembers add) =>
        Reply(add.RunAsync(Caller, request, Aborted));

    public Task<Reply<Done>> RemoveMember(RemoveMemberRequest request, RemoveMember remove) =>
        Reply(remove.RunAsync(Caller, request, Aborted));

    public Task<Reply<Done>> SetMemberRole(SetMemberRoleRequest request, SetMemberRole set) =>
        Reply(set.RunAsync(Caller, request, Aborted));

    public Task<Reply<Done>> RenameGroup(RenameGroupRequest request, RenameGroup rename) =>
        Reply(rename.RunAsync(Caller, request, Aborted));

    public Task<Reply<Done>> SetArchived(SetArchivedRequest request, SetArchived archive) =>
        Reply(archive.RunAsync(Caller, request, Aborted));

    public Task<Reply<MembersPage>> Members(GetMembersRequest request, GetMembers members) =>
        Reply(members.RunAsync(Caller, request, Aborted));

    public Task<Reply<People>> People(GetPeopleRequest request, GetPeople people) =>
        Reply(people.RunAsync(Caller, request, Aborted));

    public Task<Reply<Done>> Typing(TypingRequest request, SetTyping typing) =>
        Reply(typing.RunAsync(Caller, request, Aborted));

    public Task<Reply<Presences>> WatchPresence(WatchPresenceRequest request, WatchPresence watch) =>
        Reply(watch.RunAsync(Caller, request, Aborted));

    public Task<Reply<AccountSettings>> SetSettings(SetSettingsRequest request, SetSettings set) =>
        Reply(set.RunAsync(Caller, request, Aborted));

    /// <summary>What <see cref="LiveProtocol"/> makes of a call that no verb can take (rule WR-4).</summary>
#pragma warning disable CA1822 // SignalR calls only methods of an instance.
    public Task<Reply<Done>> Misshapen() => Task.FromResult(new Reply<Done>(null, Refuse.Invalid(
        "There is no such method, or its one argument is not of the documented shape; see /openapi/v1.json.")));
#pragma warning restore CA1822

    private static async Task<Reply<T>> Reply<T>(Task<Outcome<T>> answer) where T : class
    {
        var outcome = await answer;
        return new(outcome.Value, outcome.Refusal);
    }
}
