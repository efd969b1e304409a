using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>
/// Says how people appear, and from then on tells the connection when that moves (rule PR-3). Over HTTP it only says.
/// People the caller may not see are left out, like those who do not exist.
/// </summary>
internal sealed class WatchPresence(
    IDatabase database, PresenceWatches watches, PresenceTracker tracker, TimeProvider time)
{
    public async Task<Outcome<Presences>> RunAsync(
        Caller caller, WatchPresenceRequest request, CancellationToken cancel)
    {
        var asked = request.AccountIds.Distinct().ToList();
        if (asked.Count > Limits.WatchedMax)
            return Refuse.Invalid($"accountIds: at most {Limits.WatchedMax} people can be looked at.");

        // Looked at before it is read, so that nothing falls between; judged before anything is pushed.
        var watch = caller.ConnectionId is { } connection ? watches.Set(caller.AccountId, connection, asked) : null;
        var (people, shared) = await database.ReadAsync(async view =>
        {
            var people = await PresenceSql.PeopleAsync(view, asked.Append(caller.AccountId));
            return (people, people[caller.AccountId].SeesEverybody
                ? new Dictionary<AccountId, ConversationId>()
                : await PresenceSql.SharedAsync(view, caller.AccountId, asked));
        }, cancel);

        var viewer = people[caller.AccountId];
        var items = new List<Contract.Presence>();
        foreach (var account in asked)
        {
            var isAllowed = viewer.SeesEverybody || account == viewer.Id || shared.ContainsKey(account);
            if (isAllowed && people.TryGetValue(account, out var person))
            {
                items.Add(PresenceRules.AsSeenBy(viewer, person, tracker.SightOf(account), time.GetUtcNow()));
                if (watch is not null && shared.TryGetValue(account, out var conversation))
                    watches.Allow(watch, account, conversation);
            }
            else if (watch is not null)
            {
                watches.Forget(watch, account);
            }
        }

        return new Presences(items);
    }
}
