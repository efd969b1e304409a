using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

/// <summary>Who may do what to a conversation. Facts in, answer out.</summary>
internal static class ConversationRules
{
    public static Refusal? WhyNotThisName(string name) =>
        string.IsNullOrWhiteSpace(name)
        || name.Length > Limits.GroupNameLengthMax
        || name.Contains('\0', StringComparison.Ordinal)
            ? Refuse.Invalid($"name: must have 1 to {Limits.GroupNameLengthMax} characters.")
            : null;

    public static Refusal? WhyNotCreateGroup(Caller caller, bool membersMay) =>
        caller.IsStaff || membersMay
            ? null
            : new(RefusalCode.Forbidden, "Only staff can start a group here. Ask one of them to make it.");

    /// <summary>Owners run a group; nobody runs a direct conversation's membership.</summary>
    public static Refusal? WhyNotRunGroup(ConversationRow conversation, Member member)
    {
        if (conversation.Kind != ConversationKind.Group)
        {
            return new(
                RefusalCode.NotAGroup, "A direct conversation always has its two members. Make a group instead.");
        }

        return member.IsOwner ? null : new(RefusalCode.Forbidden, "Only an owner of the group can do this.");
    }

    public static Refusal? WhyNotAdd(ConversationRow conversation, int newcomers) =>
        conversation.MemberCount + newcomers > Limits.GroupMembersMax
            ? new(RefusalCode.GroupFull, $"A group has at most {Limits.GroupMembersMax} members.")
            : null;

    /// <summary>Rule CV-4: somebody must be able to run it.</summary>
    public static Refusal? WhyNotLoseOwner(Roster roster, AccountId leaving)
    {
        var isOwner = roster.Find(leaving) is { IsOwner: true };
        var remain = roster.Members.Any(member => member.IsOwner && member.AccountId != leaving);
        return !isOwner || remain || roster.Members.Count == 1
            ? null
            : new(RefusalCode.LastOwner, "The group would have no owner. Name another owner first.");
    }

    /// <summary>Any of the two archives a direct conversation; owners a group.</summary>
    public static Refusal? WhyNotArchive(ConversationRow conversation, Member member) =>
        conversation.Kind == ConversationKind.Direct || member.IsOwner
            ? null
            : new(RefusalCode.Forbidden, "Only an owner can archive or reopen a group.");
}
