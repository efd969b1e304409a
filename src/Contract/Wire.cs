namespace Parley.Contract;

/// <summary>
/// The hub's methods, as a client invokes them at <see cref="Wire.HubPath"/>. Each has an HTTP route with the same
/// request and answer, listed in the OpenAPI document. Rule WR-4.
/// </summary>
public interface IParleyHub
{
    /// <summary>Sends a message.</summary>
    Task<Reply<MessageSent>> Send(SendMessageRequest request);

    /// <summary>Edits one's message.</summary>
    Task<Reply<Message>> Edit(EditMessageRequest request);

    /// <summary>Removes a message.</summary>
    Task<Reply<Message>> Remove(RemoveMessageRequest request);

    /// <summary>Reads a page of history.</summary>
    Task<Reply<HistoryPage>> History(GetHistoryRequest request);

    /// <summary>Moves the caller's watermarks.</summary>
    Task<Reply<Receipt>> AdvanceReceipts(AdvanceReceiptsRequest request);

    /// <summary>Who received and read a message.</summary>
    Task<Reply<MessageReceipts>> MessageReceipts(GetMessageReceiptsRequest request);

    /// <summary>Catches up after a reconnect.</summary>
    Task<Reply<SyncReply>> Sync(SyncRequest request);

    /// <summary>Fills a gap in one conversation.</summary>
    Task<Reply<Changes>> Changes(GetChangesRequest request);

    /// <summary>Finds or makes a direct conversation.</summary>
    Task<Reply<ConversationSnapshot>> OpenDirect(OpenDirectRequest request);

    /// <summary>Makes a group.</summary>
    Task<Reply<ConversationSnapshot>> CreateGroup(CreateGroupRequest request);

    /// <summary>Adds people to a group.</summary>
    Task<Reply<Done>> AddMembers(AddMembersRequest request);

    /// <summary>Removes a person from a group, or leaves it.</summary>
    Task<Reply<Done>> RemoveMember(RemoveMemberRequest request);

    /// <summary>Names or unnames an owner.</summary>
    Task<Reply<Done>> SetMemberRole(SetMemberRoleRequest request);

    /// <summary>Renames a group.</summary>
    Task<Reply<Done>> RenameGroup(RenameGroupRequest request);

    /// <summary>Archives or reopens a conversation.</summary>
    Task<Reply<Done>> SetArchived(SetArchivedRequest request);

    /// <summary>A page of members.</summary>
    Task<Reply<MembersPage>> Members(GetMembersRequest request);

    /// <summary>Looks people up.</summary>
    Task<Reply<People>> People(GetPeopleRequest request);

    /// <summary>Says that the caller types.</summary>
    Task<Reply<Done>> Typing(TypingRequest request);

    /// <summary>Looks at people's presence.</summary>
    Task<Reply<Presences>> WatchPresence(WatchPresenceRequest request);

    /// <summary>Changes the caller's settings.</summary>
    Task<Reply<AccountSettings>> SetSettings(SetSettingsRequest request);
}

/// <summary>What the server invokes on a connected client.</summary>
public interface IParleyClient
{
    /// <summary>Something changed in a conversation.</summary>
    Task Changes(Changes changes);

    /// <summary>Receipts moved.</summary>
    Task Receipts(ReceiptsMoved receipts);

    /// <summary>Something changed for the account.</summary>
    Task Account(AccountChanges changes);

    /// <summary>Who types.</summary>
    Task Typing(Typing typing);

    /// <summary>How watched people appear.</summary>
    Task Presence(Presences presences);

    /// <summary>The server is there, and these are the heads.</summary>
    Task Heartbeat(Heartbeat heartbeat);

    /// <summary>The server is about to close this connection.</summary>
    Task Goodbye(Goodbye goodbye);
}

/// <summary>Names and addresses of the wire.</summary>
public static class Wire
{
    /// <summary>Where the hub is. WebSockets only; opened with a ticket (<c>?access_token=</c>). Rule AU-5.</summary>
    public const string HubPath = "/live";

    /// <summary>Where every HTTP route starts.</summary>
    public const string ApiPath = "/api/v1";

    /// <summary>Client method of <see cref="IParleyClient.Changes"/>; targets are the method names in lower
    /// case.</summary>
    public const string ChangesTarget = "changes";

    /// <summary>Client method of <see cref="IParleyClient.Receipts"/>.</summary>
    public const string ReceiptsTarget = "receipts";

    /// <summary>Client method of <see cref="IParleyClient.Account"/>.</summary>
    public const string AccountTarget = "account";

    /// <summary>Client method of <see cref="IParleyClient.Typing"/>.</summary>
    public const string TypingTarget = "typing";

    /// <summary>Client method of <see cref="IParleyClient.Presence"/>.</summary>
    public const string PresenceTarget = "presence";

    /// <summary>Client method of <see cref="IParleyClient.Heartbeat"/>.</summary>
    public const string HeartbeatTarget = "heartbeat";

    /// <summary>Client method of <see cref="IParleyClient.Goodbye"/>.</summary>
    public const string GoodbyeTarget = "goodbye";
}
