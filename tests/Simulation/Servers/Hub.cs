using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Receipts;
using Parley.Server.Sync;
using Parley.Server.Typing;

namespace Parley.Simulation.Servers;

/// <summary>Both doors in one: the verbs of one server for one caller, each in a line, as in the real ones.</summary>
internal class Hub(IServiceProvider services, Caller caller) : IParleyHub
{
    protected Caller Caller => caller;

    public virtual Task<Reply<MessageSent>> Send(SendMessageRequest request) =>
        Reply(Get<SendMessage>().RunAsync(caller, request));

    public virtual Task<Reply<Message>> Edit(EditMessageRequest request) =>
        Reply(Get<EditMessage>().RunAsync(caller, request, default));

    public Task<Reply<Message>> Remove(RemoveMessageRequest request) =>
        Reply(Get<RemoveMessage>().RunAsync(caller, request, default));

    public Task<Reply<HistoryPage>> History(GetHistoryRequest request) =>
        Reply(Get<GetHistory>().RunAsync(caller, request, default));

    public Task<Reply<Receipt>> AdvanceReceipts(AdvanceReceiptsRequest request) =>
        Reply(Get<AdvanceReceipts>().RunAsync(caller, request));

    public Task<Reply<MessageReceipts>> MessageReceipts(GetMessageReceiptsRequest request) =>
        Reply(Get<GetMessageReceipts>().RunAsync(caller, request, default));

    public virtual Task<Reply<SyncReply>> Sync(SyncRequest request) =>
        Reply(Get<SyncDevice>().RunAsync(caller, request, default));

    public virtual Task<Reply<Changes>> Changes(GetChangesRequest request) =>
        Reply(Get<GetChanges>().RunAsync(caller, request, default));

    public Task<Reply<ConversationSnapshot>> OpenDirect(OpenDirectRequest request) =>
        Reply(Get<OpenDirect>().RunAsync(caller, request, default));

    public Task<Reply<ConversationSnapshot>> CreateGroup(CreateGroupRequest request) =>
        Reply(Get<CreateGroup>().RunAsync(caller, request, default));

    public Task<Reply<Done>> AddMembers(AddMembersRequest request) =>
        Reply(Get<AddMembers>().RunAsync(caller, request, default));

    public Task<Reply<Done>> RemoveMember(RemoveMemberRequest request) =>
        Reply(Get<RemoveMember>().RunAsync(caller, request, default));

    public Task<Reply<Done>> SetMemberRole(SetMemberRoleRequest request) =>
        Reply(Get<SetMemberRole>().RunAsync(caller, request, default));

    public Task<Reply<Done>> RenameGroup(RenameGroupRequest request) =>
        Reply(Get<RenameGroup>().RunAsync(caller, request, default));

    public Task<Reply<Done>> SetArchived(SetArchivedRequest request) =>
        Reply(Get<SetArchived>().RunAsync(caller, request, default));

    public Task<Reply<MembersPage>> Members(GetMembersRequest request) =>
        Reply(Get<GetMembers>().RunAsync(caller, request, default));

    public async Task<Reply<Done>> Typing(TypingRequest request)
    {
        var reply = await Reply(Get<SetTyping>().RunAsync(caller, request, default));
        Get<TypingListener>().Settle();
        return reply;
    }

    // People and their presence are other rooms', with simulations of their own.
    public Task<Reply<People>> People(GetPeopleRequest request) => Task.FromResult(new Reply<People>(new([]), null));

    public Task<Reply<Presences>> WatchPresence(WatchPresenceRequest request) =>
        Task.FromResult(new Reply<Presences>(new([]), null));

    public Task<Reply<AccountSettings>> SetSettings(SetSettingsRequest request) =>
        Task.FromResult(new Reply<AccountSettings>(null, Refuse.NotFound));

    protected T Get<T>() where T : notnull => services.GetRequiredService<T>();

    protected static async Task<Reply<T>> Reply<T>(Task<Outcome<T>> answer) where T : class
    {
        var outcome = await answer;
        return new(outcome.Value, outcome.Refusal);
    }
}
