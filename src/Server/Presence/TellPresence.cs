using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>
/// One round of telling: reads how those who moved want to appear and who may see them, then tells each viewer.
/// </summary>
internal sealed class TellPresence(
    IDatabase database, SharedConversations shared, PresenceWatches watches, IFanout fanout, ILogger<TellPresence> log)
{
    private bool _isTroubled;

    /// <param name="moved">Who moved; true if by their own choice, which is told also of invisible people.</param>
    /// <param name="see">What memory knows of a person.</param>
    /// <param name="now">Server time.</param>
    /// <returns>False when it is to be tried again.</returns>
    public async Task<bool> RunAsync(
        IReadOnlyDictionary<AccountId, bool> moved, Func<AccountId, Sight> see, DateTimeOffset now)
    {
        var looks = watches.At(moved.Keys);
        if (looks.Count == 0)
            return true;

        try
        {
            await database.ReadAsync(async view =>
            {
                var people = await PresenceSql.PeopleAsync(
                    view, looks.Select(look => look.Target).Concat(looks.Select(look => look.Viewer)));
                var told = looks
                    .Where(look => people.TryGetValue(look.Target, out var person)
                        && (!person.IsInvisible || moved[look.Target]))
                    .ToList();
                Publish(from look in await shared.AllowedAsync(view, told, people)
                        select (look.Viewer, PresenceRules.AsSeenBy(
                            people[look.Viewer], people[look.Target], see(look.Target), now)));
                return true;
            }, CancellationToken.None);
            _isTroubled = false;
            return true;
        }
#pragma warning disable CA1031 // Whatever is wrong, those who moved are kept and told later.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!_isTroubled)
                Log.NotTold(log, moved.Count, error);

            _isTroubled = true;
            return false;
        }
    }

    /// <summary>One frame a viewer, and the same frame for all who see the same.</summary>
    private void Publish(IEnumerable<(AccountId Viewer, Contract.Presence Presence)> seen)
    {
        var byViewer = seen.Distinct().GroupBy(
            sight => sight.Viewer,
            (viewer, sights) => (Viewer: viewer, Items: sights.Select(sight => sight.Presence).ToArray()));
        foreach (var alike in byViewer.GroupBy(sights => sights.Items, new SameItems()))
            fanout.Publish(new(
                Wire.PresenceTarget, new Presences(alike.Key), [.. alike.Select(sights => sights.Viewer)]));
    }

    private sealed class SameItems : IEqualityComparer<Contract.Presence[]>
    {
        public bool Equals(Contract.Presence[]? x, Contract.Presence[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(Contract.Presence[] items) => HashCode.Combine(items.Length, items[0], items[^1]);
    }
}
