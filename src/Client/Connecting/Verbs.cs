using System.Globalization;
using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>Every verb of the protocol, by both its names. Rule WR-1.</summary>
public static class Verbs
{
    /// <summary>Sends a message.</summary>
    public static Verb<SendMessageRequest, MessageSent> Send { get; } = new(
        nameof(IParleyHub.Send), HttpMethod.Post,
        request => $"/conversations/{request.ConversationId}/messages", (hub, request) => hub.Send(request));

    /// <summary>
    /// Edits one's message. Not repeated blindly: the second answer would be a conflict with the first.
    /// </summary>
    public static Verb<EditMessageRequest, Message> Edit { get; } = new(
        nameof(IParleyHub.Edit), HttpMethod.Patch,
        request => $"/conversations/{request.ConversationId}/messages/{request.Id}",
        (hub, request) => hub.Edit(request))
    { IsRepeatable = false };

    /// <summary>Removes a message.</summary>
    public static Verb<RemoveMessageRequest, Message> Remove { get; } = new(
        nameof(IParleyHub.Remove), HttpMethod.Delete,
        request => $"/conversations/{request.ConversationId}/messages/{request.Id}",
        (hub, request) => hub.Remove(request));

    /// <summary>Reads a page of history.</summary>
    public static Verb<GetHistoryRequest, HistoryPage> History { get; } = new(
        nameof(IParleyHub.History), HttpMethod.Get,
        request => $"/conversations/{request.ConversationId}/messages"
            + Query((Camel(request.Direction), request.Number), ("count", request.Count)),
        (hub, request) => hub.History(request));

    /// <summary>Moves the caller's watermarks.</summary>
    public static Verb<AdvanceReceiptsRequest, Receipt> AdvanceReceipts { get; } = new(
        nameof(IParleyHub.AdvanceReceipts), HttpMethod.Put,
        request => $"/conversations/{request.ConversationId}/receipt",
        (hub, request) => hub.AdvanceReceipts(request));

    /// <summary>Who received and read a message.</summary>
    public static Verb<GetMessageReceiptsRequest, MessageReceipts> MessageReceipts { get; } = new(
        nameof(IParleyHub.MessageReceipts), HttpMethod.Get,
        request => $"/conversations/{request.ConversationId}/messages/{request.Number}/receipts",
        (hub, request) => hub.MessageReceipts(request));

    /// <summary>Catches up after a reconnect.</summary>
    public static Verb<SyncRequest, SyncReply> Sync { get; } = new(
        nameof(IParleyHub.Sync), HttpMethod.Post, _ => "/sync", (hub, request) => hub.Sync(request));

    /// <summary>Fills a gap in one conversation.</summary>
    public static Verb<GetChangesRequest, Changes> Changes { get; } = new(
        nameof(IParleyHub.Changes), HttpMethod.Get,
        request => $"/conversations/{request.ConversationId}/changes" + Query(("after", request.AfterSeq)),
        (hub, request) => hub.Changes(request));

    /// <summary>Finds or makes a direct conversation.</summary>
    public static Verb<OpenDirectRequest, ConversationSnapshot> OpenDirect { get; } = new(
        nameof(IParleyHub.OpenDirect), HttpMethod.Post, _ => "/conversations/direct",
        (hub, request) => hub.OpenDirect(request));

    /// <summary>Makes a group.</summary>
    public static Verb<CreateGroupRequest, ConversationSnapshot> CreateGroup { get; } = new(
        nameof(IParleyHub.CreateGroup), HttpMethod.Post, _ => "/conversations/groups",
        (hub, request) => hub.CreateGroup(request));

    /// <summary>Adds people to a group.</summary>
    public static Verb<AddMembersRequest, Done> AddMembers { get; } = new(
        nameof(IParleyHub.AddMembers), HttpMethod.Post,
        request => $"/conversations/{request.ConversationId}/members", (hub, request) => hub.AddMembers(request));

    /// <summary>Removes a person from a group, or leaves it.</summary>
    public static Verb<RemoveMemberRequest, Done> RemoveMember { get; } = new(
        nameof(IParleyHub.RemoveMember), HttpMethod.Delete,
        request => $"/conversations/{request.ConversationId}/members/{request.Member}",
        (hub, request) => hub.RemoveMember(request));

    /// <summary>Names or unnames an owner.</summary>
    public static Verb<SetMemberRoleRequest, Done> SetMemberRole { get; } = new(
        nameof(IParleyHub.SetMemberRole), HttpMethod.Put,
        request => $"/conversations/{request.ConversationId}/members/{request.Member}/role",
        (hub, request) => hub.SetMemberRole(request));

    /// <summary>Renames a group.</summary>
    public static Verb<RenameGroupRequest, Done> RenameGroup { get; } = new(
        nameof(IParleyHub.RenameGroup), HttpMethod.Put,
        request => $"/conversations/{request.ConversationId}/name", (hub, request) => hub.RenameGroup(request));

    /// <summary>Archives or reopens a conversation.</summary>
    public static Verb<SetArchivedRequest, Done> SetArchived { get; } = new(
        nameof(IParleyHub.SetArchived), HttpMethod.Put,
        request => $"/conversations/{request.ConversationId}/archived", (hub, request) => hub.SetArchived(request));

    /// <summary>A page of members.</summary>
    public static Verb<GetMembersRequest, MembersPage> Members { get; } = new(
        nameof(IParleyHub.Members), HttpMethod.Get,
        request => $"/conversations/{request.ConversationId}/members" + Query(("after", request.After)),
        (hub, request) => hub.Members(request));

    /// <summary>Looks people up.</summary>
    public static Verb<GetPeopleRequest, People> People { get; } = new(
        nameof(IParleyHub.People), HttpMethod.Post, _ => "/people/lookup", (hub, request) => hub.People(request));

    /// <summary>Says that the caller types.</summary>
    public static Verb<TypingRequest, Done> Typing { get; } = new(
        nameof(IParleyHub.Typing), HttpMethod.Post,
        request => $"/conversations/{request.ConversationId}/typing", (hub, request) => hub.Typing(request));

    /// <summary>Looks at people's presence.</summary>
    public static Verb<WatchPresenceRequest, Presences> WatchPresence { get; } = new(
        nameof(IParleyHub.WatchPresence), HttpMethod.Post, _ => "/presence/lookup",
        (hub, request) => hub.WatchPresence(request));

    /// <summary>Changes the caller's settings.</summary>
    public static Verb<SetSettingsRequest, AccountSettings> SetSettings { get; } = new(
        nameof(IParleyHub.SetSettings), HttpMethod.Patch, _ => "/me/settings",
        (hub, request) => hub.SetSettings(request));

    private static string Camel<TEnum>(TEnum value) where TEnum : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Query(params ReadOnlySpan<(string Name, object? Value)> pairs)
    {
        var query = "";
        foreach (var (name, value) in pairs)
        {
            if (value is not null)
                query += (query.Length == 0 ? "?" : "&") + name + "="
                    + Uri.EscapeDataString(string.Format(CultureInfo.InvariantCulture, "{0}", value));
        }

        return query;
    }
}
