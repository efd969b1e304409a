using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;
using Parley.Server.Sync;

namespace Parley.Server.Conversations;

/// <summary>Makes a group. Asking again with the same id answers the same group.</summary>
internal sealed class CreateGroup(IDatabase database, NewConversation make, IOptions<ConversationsOptions> options)
{
    public async Task<Outcome<ConversationSnapshot>> RunAsync(
        Caller caller, CreateGroupRequest request, CancellationToken cancel)
    {
        var others = request.Members.Where(account => account != caller.AccountId).Distinct().ToList();
        if (WhyNot(caller, request, others.Count) is { } refusal)
            return refusal;

        var unreachable = await database.WriteAsync(turn => MakeAsync(turn, caller, request, others), cancel);
        if (unreachable is not null)
            return unreachable;

        // Somebody else's group under this id reads as not there: its members are not ours to learn.
        var made = await database.ReadAsync(view => Snapshots.ReadAsync(view, caller.AccountId, request.Id), cancel);
        return made is not null
            ? made
            : new Refusal(RefusalCode.IdTaken, "This id is in use. Make the group with a new id.");
    }

    private Refusal? WhyNot(Caller caller, CreateGroupRequest request, int others) =>
        request.Id.Value == Guid.Empty
            ? Refuse.Invalid("id: a group needs an id of its own; make a UUIDv7.")
            : ConversationRules.WhyNotCreateGroup(caller, options.Value.MembersCreateGroups)
                ?? ConversationRules.WhyNotThisName(request.Name)
                ?? (others >= Limits.GroupMembersMax
                    ? new Refusal(RefusalCode.GroupFull, $"A group has at most {Limits.GroupMembersMax} members.")
                    : null);

    private async Task<Refusal?> MakeAsync(
        Transaction turn, Caller caller, CreateGroupRequest request, List<AccountId> others)
    {
        var reachable = others.Count == 0
            ? []
            : await MembershipSql.ReachableAsync(turn, caller.AccountId, caller.IsStaff, others);
        if (reachable.Count < others.Count)
            return Refuse.NotFound;

        var history = request.History ?? HistoryPolicy.FromJoining;
        var row = make.Row(request.Id, ConversationKind.Group, request.Name, history);
        var members = reachable.Select(account => (account, MembershipRole.Member));
        await make.InsertAsync(turn, row, pair: null, members.Prepend((caller.AccountId, MembershipRole.Owner)));
        return null;
    }
}
