using System.Collections.Concurrent;
using Parley.Contract;
using Parley.Server.Fanout;

namespace Parley.Server.Live;

/// <summary>
/// This node's open connections, by person, and the fan-out to them. The framework's own look-up of a person scans
/// every connection of the server; this one is a dictionary.
/// </summary>
internal sealed class LiveConnections : IFanout
{
    private readonly ConcurrentDictionary<AccountId, LiveConnection[]> _byAccount = new();

    /// <summary>Everyone with a connection here, and the connections.</summary>
    public IEnumerable<KeyValuePair<AccountId, LiveConnection[]>> All => _byAccount;

    public void Add(LiveConnection connection) => _byAccount.AddOrUpdate(
        connection.Caller.AccountId,
        _ => [connection],
        (_, present) => [.. present, connection]);

    public void Remove(LiveConnection connection)
    {
        var account = connection.Caller.AccountId;
        while (_byAccount.TryGetValue(account, out var present))
        {
            var left = Array.FindAll(present, other => other != connection);
            if (left.Length == 0
                ? _byAccount.TryRemove(new(account, present))
                : _byAccount.TryUpdate(account, left, present))
            {
                return;
            }
        }
    }

    public IReadOnlyList<LiveConnection> Of(AccountId account) => _byAccount.GetValueOrDefault(account, []);

    public void Publish(Push push)
    {
        Frame? frame = null;
        foreach (var recipient in push.Recipients)
        {
            if (!_byAccount.TryGetValue(recipient, out var connections))
                continue;

            foreach (var connection in connections)
            {
                if (connection.Id != push.Except)
                    connection.Enqueue(frame ??= Frame.Of(push));
            }
        }
    }
}
