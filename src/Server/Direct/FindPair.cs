using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Direct;

/// <summary>Finds the person a handle names, and the conversation with that person if there is one already.</summary>
internal sealed class FindPair(IDatabase database)
{
    public Task<Outcome<Pair>> RunAsync(Caller caller, string handle, CancellationToken cancel) =>
        database.ReadAsync<Outcome<Pair>>(async view =>
        {
            // Nobody walks the same way as somebody hidden, so that neither words nor time tell them apart (rule WR-5).
            var with = await view.FirstOrDefaultAsync<AccountId?>(
                "SELECT id FROM account WHERE handle = @handle", new { handle = handle.Trim().ToLowerInvariant() })
                ?? default(AccountId);
            if (with == caller.AccountId)
                return Refuse.Invalid("handle: name somebody else.");

            var pair = NewConversation.PairOf(caller.AccountId, with);
            var conversation = await view.FirstOrDefaultAsync<ConversationId?>(
                "SELECT id FROM conversation WHERE pair = @pair", new { pair });
            if (conversation is not null)
                return new Pair(with, conversation);

            var reachable = await MembershipSql.ReachableAsync(view, caller.AccountId, caller.IsStaff, [with]);
            return reachable.Count == 0 ? Refuse.NotFound : new Pair(with, null);
        }, cancel);
}

/// <summary>Whom the caller writes with.</summary>
/// <param name="With">The other person.</param>
/// <param name="Conversation">Theirs; null while nobody has written yet.</param>
internal sealed record Pair(AccountId With, ConversationId? Conversation);
