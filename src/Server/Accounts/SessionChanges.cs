using System.Globalization;
using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Writes down what ends or changes sessions, in the transaction that does it, and tells this node right after the
/// commit. The other nodes, and a server whose administrator uses the command line, read it within half a second.
/// </summary>
internal sealed class SessionChanges(Sessions sessions, IEnumerable<ISessionEnd> ends, TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    public Task DeviceEndedAsync(Transaction turn, AccountId account, DeviceId device) =>
        WriteAsync(turn, new(0, account, device, true));

    public Task AccountEndedAsync(Transaction turn, AccountId account) => WriteAsync(turn, new(0, account, null, true));

    public Task RoleChangedAsync(Transaction turn, AccountId account) => WriteAsync(turn, new(0, account, null, false));

    /// <summary>Applies a change to this node. May be repeated.</summary>
    public void Apply(SessionChange change)
    {
        if (change.DeviceId is { } device)
            sessions.Forget(device);
        else
            sessions.Forget(change.AccountId);

        if (!change.IsEnd)
            return;

        foreach (var end in ends)
        {
            if (change.DeviceId is { } ended)
                end.DeviceEnded(ended);
            else
                end.AccountEnded(change.AccountId);
        }
    }

    /// <summary>The number of the last change.</summary>
    public static async Task<long> HeadAsync(Snapshot view) =>
        long.Parse(
            await view.SingleAsync<string>("SELECT value FROM meta WHERE name = 'session_seq'"),
            CultureInfo.InvariantCulture);

    /// <summary>Changes after a number, in order. Index: the primary key.</summary>
    public static Task<IReadOnlyList<SessionChange>> AfterAsync(Snapshot view, long seq) =>
        view.QueryAsync<SessionChange>(
            """
            SELECT seq, account_id, device_id, is_end
            FROM session_change
            WHERE seq > @seq
            ORDER BY seq
            """,
            new { seq });

    private async Task WriteAsync(Transaction turn, SessionChange change)
    {
        var now = time.GetUtcNow();
        // The row of the counter stays locked until the commit, so numbers become visible in their order.
        var seq = await turn.SingleAsync<string>(
            """
            UPDATE meta
            SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)
            WHERE name = 'session_seq'
            RETURNING value
            """);
        await turn.ExecuteAsync(
            """
            INSERT INTO session_change (seq, account_id, device_id, is_end, at)
            VALUES (@Seq, @AccountId, @DeviceId, @IsEnd, @now)
            """,
            new
            {
                Seq = long.Parse(seq, CultureInfo.InvariantCulture),
                change.AccountId,
                change.DeviceId,
                IsEnd = change.IsEnd ? 1L : 0L,
                now,
            });
        await turn.ExecuteAsync("DELETE FROM session_change WHERE at < @Old", new { Old = now - KeptFor });
        turn.AfterCommit(() => Apply(change));
    }
}
