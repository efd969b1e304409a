using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Typing;

/// <summary>
/// Takes a sign that the caller types, or stopped. Signs that follow an accepted one within a second cost no look into
/// the database; whoever was removed is found out by the next.
/// </summary>
internal sealed class SetTyping(IDatabase database, Rosters rosters, TypingLeases leases, TimeProvider time)
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, TypingRequest request, CancellationToken cancel)
    {
        var (conversation, account) = (request.ConversationId, caller.AccountId);
        if (!request.IsTyping)
        {
            leases.Stopped(conversation, account);
            return Done.Instance;
        }

        if (leases.TryProlong(conversation, account, caller.ConnectionId))
            return Done.Instance;

        var (member, isShown) = await database.ReadAsync(view => FindAsync(view, conversation, account), cancel);
        if (isShown)
            leases.Begin(conversation, account, caller.ConnectionId);
        else
            leases.Stopped(conversation, account);

        return member is null ? Refuse.NotFound : Done.Instance;
    }

    private async Task<(Member? Member, bool IsShown)> FindAsync(
        Snapshot view, ConversationId conversation, AccountId account)
    {
        if (await ConversationHead.ReadAsync(view, conversation) is not { } row)
            return default;

        var roster = await rosters.OfAsync(view, conversation, row.RosterVersion);
        if (roster.Find(account) is not { } member)
            return default;

        var presence = await view.SingleAsync<string>(
            "SELECT presence FROM account WHERE id = @account", new { account });
        var isInvisible = presence == PresenceChoice.Invisible.Word();
        return (member, TypingRules.IsShown(row, member, isInvisible, time.GetUtcNow()));
    }
}
