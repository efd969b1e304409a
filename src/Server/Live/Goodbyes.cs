using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Fanout;
using Parley.Server.Kernel;
using Parley.Server.Presence;

namespace Parley.Server.Live;

/// <summary>Closes connections with a word: of a session that ended, and of everybody when the server leaves (rule
/// LV-4).</summary>
internal sealed class Goodbyes(
    LiveConnections connections, PresenceTracker presence, IChance chance, TimeProvider time, ILogger<Goodbyes> log)
    : ISessionEnd
{
    private const int ReconnectMsMax = 5_000;

    /// <summary>Between the word and the cut, so that the word arrives.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromMilliseconds(200);

    /// <summary>For a proper end; who does not read never comes to it. With all delays within the 2 s of rule
    /// AU-4.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public void DeviceEnded(DeviceId device) => End([.. connections.All
        .SelectMany(person => person.Value)
        .Where(connection => connection.Caller.DeviceId == device)]);

    public void AccountEnded(AccountId account)
    {
        End(connections.Of(account));
        presence.Ended(account);
    }

    /// <summary>Called when the host begins to stop, before it closes the transports.</summary>
    public void Leave()
    {
        var all = connections.All.SelectMany(person => person.Value).ToList();
        Log.Leaving(log, all.Count);
        foreach (var connection in all)
            Say(connection, new(GoodbyeReason.ShuttingDown, (int)(chance.NextDouble() * ReconnectMsMax)));

        // The host closes the transports as soon as this returns; the last frames need a moment of real time to leave.
        Task.Delay(all.Count == 0 ? TimeSpan.Zero : Parting, TimeProvider.System).Wait();
    }

    private void End(IReadOnlyList<LiveConnection> ended)
    {
        foreach (var connection in ended)
        {
            Say(connection, new(GoodbyeReason.Revoked, null));
            presence.Ended(connection.Caller.AccountId, connection.Id);
        }

        // Whoever ignores the word is cut; calls are refused meanwhile, since the session is checked on each.
        _ = CutAsync(ended);
    }

    private async Task CutAsync(IReadOnlyList<LiveConnection> ended)
    {
        await Task.Delay(Parting, time);
        foreach (var connection in ended)
            connection.Abort();

        await Task.Delay(Patience, time);
        foreach (var connection in ended)
            connection.Cut();
    }

    private static void Say(LiveConnection connection, Goodbye goodbye) =>
        connection.Enqueue(Frame.Of(new Push(Wire.GoodbyeTarget, goodbye, [])));
}
