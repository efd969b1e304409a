using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;
using Parley.Server.Sync;

namespace Parley.Server.Conversations;

/// <summary>Finds or makes the one conversation of a pair (rule CV-1).</summary>
internal sealed class OpenDirect(IDatabase database, NewConversation make, IChance chance, TimeProvider time)
{
    public async Task<Outcome<ConversationSnapshot>> RunAsync(
        Caller caller, OpenDirectRequest request, CancellationToken cancel)
    {
        if (request.With == caller.AccountId)
            return Refuse.Invalid("with: name somebody else.");

        var pair = NewConversation.PairOf(caller.AccountId, request.With);
        var found = await database.ReadAsync(view => FindAsync(view, pair), cancel)
            ?? await database.WriteAsync(turn => MakeAsync(turn, caller, request.With, pair), cancel);
        if (found is not { } id)
            return Refuse.NotFound;

        return await database.ReadAsync(view => Snapshots.ReadAsync(view, caller.AccountId, id), cancel) is { } snapshot
            ? snapshot
            : Refuse.NotFound;
    }

    private async Task<ConversationId?> MakeAsync(Transaction turn, Caller caller, AccountId with, byte[] pair)
    {
        var reachable = await MembershipSql.ReachableAsync(turn, caller.AccountId, caller.IsStaff, [with]);
        if (reachable.Count == 0)
            return null;

        var id = new ConversationId(chance.NewId(time.GetUtcNow()));
        var row = make.Row(id, ConversationKind.Direct, null, HistoryPolicy.All);
        var members = new[] { (caller.AccountId, MembershipRole.Member), (with, MembershipRole.Member) };
        return await make.InsertAsync(turn, row, pair, members) ? id : await FindAsync(turn, pair);
    }

    private static Task<ConversationId?> FindAsync(Snapshot view, byte[] pair) =>
        view.FirstOrDefaultAsync<ConversationId?>("SELECT id FROM conversation WHERE pair = @pair", new { pair });
}
