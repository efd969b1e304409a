using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>Looks up the names of people who appear in the cache without having been introduced.</summary>
internal sealed class PeopleFinder(Mailbox mailbox, Cache cache, IDoor door)
{
    private readonly HashSet<AccountId> _asked = [];
    private readonly HashSet<AccountId> _unknown = [];
    private bool _isLooking;

    public void Look(ClientEvent moved)
    {
        var id = moved switch
        {
            ClientEvent.MessageMoved message => message.Message.AuthorId,
            ClientEvent.MembershipMoved membership => membership.Membership.AccountId,
            _ => default,
        };
        if (id == default || cache.Known.People.ContainsKey(id) || !_asked.Add(id))
            return;

        _unknown.Add(id);
        if (_isLooking)
            return;

        _isLooking = true;
        mailbox.Start(LookAsync);
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        while (true)
        {
            var ids = await mailbox.AskAsync(Next).ConfigureAwait(false);
            if (ids.Count == 0)
                return;

            try
            {
                var people = await door.CallAsync(Verbs.People, new(ids), cancel).ConfigureAwait(false);
                mailbox.Post(() => cache.AddPeople(people.Items));
            }
            catch (Exception error) when (error is ParleyUnreachableException or ParleyRefusalException)
            {
                // Asked again when they appear again.
                mailbox.Post(() => _asked.ExceptWith(ids));
            }
        }
    }

    private List<AccountId> Next()
    {
        var ids = _unknown.Take(Limits.PeopleLookupMax).ToList();
        _unknown.ExceptWith(ids);
        _isLooking = ids.Count > 0;
        return ids;
    }
}
