using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>Direct: two fixed members, one conversation per pair. Group: named, members come and go.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ConversationKind>))]
public enum ConversationKind
{
    /// <summary>Two people.</summary>
    Direct,

    /// <summary>Any number of people, with a name and owners.</summary>
    Group,
}

/// <summary>What joiners may read of the time before they joined.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<HistoryPolicy>))]
public enum HistoryPolicy
{
    /// <summary>Only what was written after they joined. The default.</summary>
    FromJoining,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>Rights of a member inside a group.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MembershipRole>))]
public enum MembershipRole
{
    /// <summary>Reads and writes.</summary>
    Member,

    /// <summary>Also renames, archives, adds and removes members, names owners.</summary>
    Owner,
}

/// <summary>The present state of a conversation. Carried by changes whenever it moved.</summary>
/// <param name="Id">The conversation.</param>
/// <param name="Kind">Direct or group.</param>
/// <param name="Name">A group's name; null for direct ones.</param>
/// <param name="History">What joiners may read.</param>
/// <param name="MemberCount">Active members.</param>
/// <param name="CreatedAt">Server time.</param>
/// <param name="ArchivedAt">Server time; null while open.</param>
/// <param name="ChangedSeq">The change that made it so. Rule SY-2.</param>
public sealed record Conversation(
    ConversationId Id,
    ConversationKind Kind,
    string? Name,
    HistoryPolicy History,
    int MemberCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ArchivedAt,
    long ChangedSeq);

/// <summary>The present state of one person's membership.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="AccountId">The person.</param>
/// <param name="Role">Rights inside the group.</param>
/// <param name="JoinedAt">Server time of the last joining.</param>
/// <param name="JoinedNumber">The conversation's last message number when the person joined; 0 for founders. A message
/// counts for the person's receipts when its number is larger.</param>
/// <param name="LeftAt">Server time; null while active.</param>
/// <param name="ChangedSeq">The change that made it so. Rule SY-2.</param>
public sealed record Membership(
    ConversationId ConversationId,
    AccountId AccountId,
    MembershipRole Role,
    DateTimeOffset JoinedAt,
    long JoinedNumber,
    DateTimeOffset? LeftAt,
    long ChangedSeq);

/// <summary>Finds or makes the direct conversation with a person. Refusals: notFound.</summary>
public sealed record OpenDirectRequest(AccountId With);

/// <summary>Makes a group; the caller becomes its owner. Refusals: invalid, forbidden, groupFull, notFound.</summary>
/// <param name="Id">Made by the client: asking again with the same id answers the same group.</param>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Members">Others to add; may be empty.</param>
/// <param name="History">What later joiners may read; from joining when left out.</param>
public sealed record CreateGroupRequest(
    ConversationId Id, string Name, IReadOnlyList<AccountId> Members, HistoryPolicy? History);

/// <summary>Adds people to a group (owners). Those who are members already stay as they are.</summary>
public sealed record AddMembersRequest(ConversationId ConversationId, IReadOnlyList<AccountId> Members);

/// <summary>Removes a person from a group (owners), or leaves it (oneself). Refusals: notFound, forbidden, lastOwner,
/// notAGroup.</summary>
public sealed record RemoveMemberRequest(ConversationId ConversationId, AccountId Member);

/// <summary>Names or unnames an owner (owners). Refusals: notFound, forbidden, lastOwner, notAGroup.</summary>
public sealed record SetMemberRoleRequest(ConversationId ConversationId, AccountId Member, MembershipRole Role);

/// <summary>Renames a group (owners).</summary>
public sealed record RenameGroupRequest(ConversationId ConversationId, string Name);

/// <summary>Archives or reopens: any member of a direct conversation, owners of a group.</summary>
public sealed record SetArchivedRequest(ConversationId ConversationId, bool Archived);

/// <summary>Asks for a page of members, in account order.</summary>
public sealed record GetMembersRequest(ConversationId ConversationId, AccountId? After);

/// <summary>A page of active members (at most 200), with their names and receipts.</summary>
/// <param name="Items">In account order.</param>
/// <param name="Receipts">One per item, in the same order.</param>
/// <param name="People">The people named by the items.</param>
/// <param name="NextCursor">Pass as <c>after</c>; null at the end.</param>
public sealed record MembersPage(
    IReadOnlyList<Membership> Items,
    IReadOnlyList<Receipt> Receipts,
    IReadOnlyList<Person> People,
    AccountId? NextCursor);

/// <summary>A conversation as a newcomer's device needs it: state, cursor, people, last page.</summary>
/// <param name="Conversation">State.</param>
/// <param name="Seq">Cursor: everything up to here is in this snapshot.</param>
/// <param name="ReceiptSeq">Cursor of receipts, likewise. Rule RC-4.</param>
/// <param name="HeadNumber">Number of the last message; 0 when there is none.</param>
/// <param name="Memberships">The caller's own, and everybody's when there are at most
/// <see cref="Limits.ReceiptsToAllMembersMax"/> members; the rest by <see cref="GetMembersRequest"/>.</param>
/// <param name="Receipts">Watermarks of those members.</param>
/// <param name="Messages">The last page in number order, at most <see cref="Limits.FirstPageCount"/>.</param>
/// <param name="People">The people named above.</param>
public sealed record ConversationSnapshot(
    Conversation Conversation,
    long Seq,
    long ReceiptSeq,
    long HeadNumber,
    IReadOnlyList<Membership> Memberships,
    IReadOnlyList<Receipt> Receipts,
    IReadOnlyList<Message> Messages,
    IReadOnlyList<Person> People);

/// <summary>The body of <c>PUT /conversations/{conversationId}/name</c>; see
/// <see cref="RenameGroupRequest"/>.</summary>
public sealed record NameBody(string Name);

/// <summary>The body of <c>PUT /conversations/{conversationId}/archived</c>; see
/// <see cref="SetArchivedRequest"/>.</summary>
public sealed record ArchivedBody(bool Archived);

/// <summary>The body of <c>POST /conversations/{conversationId}/members</c>; see
/// <see cref="AddMembersRequest"/>.</summary>
public sealed record MembersBody(IReadOnlyList<AccountId> Members);

/// <summary>The body of <c>PUT /conversations/{conversationId}/members/{member}/role</c>; see
/// <see cref="SetMemberRoleRequest"/>.</summary>
public sealed record RoleBody(MembershipRole Role);
