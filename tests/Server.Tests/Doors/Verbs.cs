using System.Reflection;
using Parley.Contract;

namespace Parley.Server.Tests.Doors;

/// <summary>Every verb there is. A method of the hub that is not here fails <see cref="ContractTests"/>.</summary>
internal static class Verbs
{
    private const string Conversation = "/api/v1/conversations/{conversationId}";

    public static readonly Verb<SendMessageRequest, MessageSent> Send = new(
        "Send", "POST", Conversation + "/messages",
        r => $"{Of(r.ConversationId)}/messages", r => new SendBody(r.Id, r.Body), typeof(SendBody));

    public static readonly Verb<EditMessageRequest, Message> Edit = new(
        "Edit", "PATCH", Conversation + "/messages/{id}",
        r => $"{Of(r.ConversationId)}/messages/{r.Id}", r => new EditBody(r.Body, r.Version), typeof(EditBody));

    public static readonly Verb<RemoveMessageRequest, Message> Remove = new(
        "Remove", "DELETE", Conversation + "/messages/{id}",
        r => $"{Of(r.ConversationId)}/messages/{r.Id}", null, null);

    public static readonly Verb<GetHistoryRequest, HistoryPage> History = new(
        "History", "GET", Conversation + "/messages",
        r => $"{Of(r.ConversationId)}/messages?{HistoryQuery(r)}", null, null);

    public static readonly Verb<AdvanceReceiptsRequest, Receipt> AdvanceReceipts = new(
        "AdvanceReceipts", "PUT", Conversation + "/receipt",
        r => $"{Of(r.ConversationId)}/receipt",
        r => new ReceiptBody(r.DeliveredNumber, r.ReadNumber), typeof(ReceiptBody));

    public static readonly Verb<GetMessageReceiptsRequest, MessageReceipts> MessageReceipts = new(
        "MessageReceipts", "GET", Conversation + "/messages/{number:long}/receipts",
        r => $"{Of(r.ConversationId)}/messages/{r.Number}/receipts", null, null);

    public static readonly Verb<SyncRequest, SyncReply> Sync = new(
        "Sync", "POST", "/api/v1/sync", _ => "/api/v1/sync", r => r, typeof(SyncRequest));

    public static readonly Verb<GetChangesRequest, Changes> Changes = new(
        "Changes", "GET", Conversation + "/changes",
        r => $"{Of(r.ConversationId)}/changes?after={r.AfterSeq}", null, null);

    public static readonly Verb<OpenDirectRequest, ConversationSnapshot> OpenDirect = new(
        "OpenDirect", "POST", "/api/v1/conversations/direct",
        _ => "/api/v1/conversations/direct", r => r, typeof(OpenDirectRequest));

    public static readonly Verb<CreateGroupRequest, ConversationSnapshot> CreateGroup = new(
        "CreateGroup", "POST", "/api/v1/conversations/groups",
        _ => "/api/v1/conversations/groups", r => r, typeof(CreateGroupRequest));

    public static readonly Verb<AddMembersRequest, Done> AddMembers = new(
        "AddMembers", "POST", Conversation + "/members",
        r => $"{Of(r.ConversationId)}/members", r => new MembersBody(r.Members), typeof(MembersBody));

    public static readonly Verb<RemoveMemberRequest, Done> RemoveMember = new(
        "RemoveMember", "DELETE", Conversation + "/members/{member}",
        r => $"{Of(r.ConversationId)}/members/{r.Member}", null, null);

    public static readonly Verb<SetMemberRoleRequest, Done> SetMemberRole = new(
        "SetMemberRole", "PUT", Conversation + "/members/{member}/role",
        r => $"{Of(r.ConversationId)}/members/{r.Member}/role", r => new RoleBody(r.Role), typeof(RoleBody));

    public static readonly Verb<RenameGroupRequest, Done> RenameGroup = new(
        "RenameGroup", "PUT", Conversation + "/name",
        r => $"{Of(r.ConversationId)}/name", r => new NameBody(r.Name), typeof(NameBody));

    public static readonly Verb<SetArchivedRequest, Done> SetArchived = new(
        "SetArchived", "PUT", Conversation + "/archived",
        r => $"{Of(r.ConversationId)}/archived", r => new ArchivedBody(r.Archived), typeof(ArchivedBody));

    public static readonly Verb<GetMembersRequest, MembersPage> Members = new(
        "Members", "GET", Conversation + "/members",
        r => $"{Of(r.ConversationId)}/members" + (r.After is { } after ? $"?after={after}" : ""), null, null);

    public static readonly Verb<GetPeopleRequest, People> People = new(
        "People", "POST", "/api/v1/people/lookup", _ => "/api/v1/people/lookup", r => r, typeof(GetPeopleRequest));

    public static readonly Verb<TypingRequest, Done> Typing = new(
        "Typing", "POST", Conversation + "/typing",
        r => $"{Of(r.ConversationId)}/typing", r => new TypingBody(r.IsTyping), typeof(TypingBody));

    public static readonly Verb<WatchPresenceRequest, Presences> WatchPresence = new(
        "WatchPresence", "POST", "/api/v1/presence/lookup",
        _ => "/api/v1/presence/lookup", r => r, typeof(WatchPresenceRequest));

    public static readonly Verb<SetSettingsRequest, AccountSettings> SetSettings = new(
        "SetSettings", "PATCH", "/api/v1/me/settings", _ => "/api/v1/me/settings", r => r, typeof(SetSettingsRequest));

    public static IReadOnlyList<Verb> All { get; } =
    [
        .. typeof(Verbs).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<Verb>(),
    ];

    private static string Of(ConversationId conversation) => $"/api/v1/conversations/{conversation}";

    private static string HistoryQuery(GetHistoryRequest request)
    {
        var direction = request.Direction.ToString().ToLowerInvariant();
        var number = request.Number is { } from ? $"{direction}={from}" : "";
        return request.Count is { } count ? $"{number}&count={count}" : number;
    }
}
