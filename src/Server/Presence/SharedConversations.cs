using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>
/// Judges, each time somebody is to be told, who may still see whom (rules PR-3 and CV-3). A watch remembers one
/// conversation that allowed it; that both are still in it says the roster at the version just read, which costs a look
/// into memory. Only if that fails is another one looked for on disk.
/// </summary>
internal sealed class SharedConversations(Rosters rosters, PresenceWatches watches)
{
    /// <summary>The looks that are allowed at this instant. The others are forgotten.</summary>
    public async Task<IReadOnlyList<Look>> AllowedAsync(
        Snapshot view, IReadOnlyList<Look> looks, IReadOnlyDictionary<AccountId, PresenceRow> people)
    {
        var present = await RostersAsync(view, looks);
        var judged = looks.ToLookup(look => IsAllowed(look, people, present));
        var allowed = judged[true].ToList();
        foreach (var atOne in judged[false].GroupBy(look => look.Target))
        {
            var shared = await PresenceSql.SharedAsync(view, atOne.Key, atOne.Select(look => look.Viewer));
            foreach (var look in atOne)
            {
                if (people[look.Viewer].IsActive && shared.TryGetValue(look.Viewer, out var conversation))
                {
                    watches.Allow(look.Watch, look.Target, conversation);
                    allowed.Add(look);
                }
                else
                {
                    watches.Forget(look.Watch, look.Target);
                }
            }
        }

        return allowed;
    }

    private static bool IsAllowed(
        Look look,
        IReadOnlyDictionary<AccountId, PresenceRow> people,
        IReadOnlyDictionary<ConversationId, Roster> present)
    {
        var viewer = people[look.Viewer];
        if (viewer.SeesEverybody || (viewer.IsActive && look.Viewer == look.Target))
            return true;

        // Rosters leave deactivated people out; that they went offline is still told to those they were with.
        return look.Shared is { } shared
            && present.TryGetValue(shared, out var roster)
            && roster.Find(look.Viewer) is not null
            && (roster.Find(look.Target) is not null || !people[look.Target].IsActive);
    }

    private async Task<IReadOnlyDictionary<ConversationId, Roster>> RostersAsync(
        Snapshot view, IReadOnlyList<Look> looks)
    {
        var present = new Dictionary<ConversationId, Roster>();
        var conversations = looks.Where(look => look.Shared is not null).Select(look => look.Shared!.Value);
        foreach (var (conversation, version) in await PresenceSql.RosterVersionsAsync(view, conversations))
            present[conversation] = await rosters.OfAsync(view, conversation, version);

        return present;
    }
}
