using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>
/// Changes what the caller shows of himself: one step of the account's stream (rule SY-7). Receipts stay where they
/// are; only who is shown them changes (rule RC-6).
/// </summary>
internal sealed class SetSettings(IDatabase database, AccountStream streams, PresenceTracker tracker)
{
    public Task<Outcome<AccountSettings>> RunAsync(
        Caller caller, SetSettingsRequest request, CancellationToken cancel) =>
        database.WriteAsync<Outcome<AccountSettings>>(async turn =>
        {
            var account = caller.AccountId;
            var before = (await SettingsRow.ReadAsync(turn, account)).ToWire();
            var wanted = new AccountSettings(
                request.Presence ?? before.Presence,
                request.ShowsLastSeen ?? before.ShowsLastSeen,
                request.SendsReadReceipts ?? before.SendsReadReceipts);
            if (wanted == before)
                return before;

            // Conversations before the account, as every other turn takes them.
            if (wanted.SendsReadReceipts != before.SendsReadReceipts)
                await Rosters.OutdateAsync(turn, account);

            // Who becomes invisible leaves, for all others, at this moment; from here on the time stands (rule PR-4).
            if (wanted.Presence == PresenceChoice.Invisible && tracker.SightOf(account).SeenAt is { } seenAt)
                await SaveLastSeen.MoveAsync(turn, account, seenAt);

            var seq = await streams.NextAsync(turn, account);
            var after = (await WriteAsync(turn, account, request, seq)).ToWire();
            turn.AfterCommit(() => tracker.Chosen(account, before, after));
            return after;
        }, cancel);

    /// <summary>Writes what was asked and nothing else: another device may set the rest at the same time.</summary>
    private static Task<SettingsRow> WriteAsync(
        Transaction turn, AccountId account, SetSettingsRequest request, long seq) =>
        turn.SingleAsync<SettingsRow>($"""
            UPDATE account
            SET presence = COALESCE(@presence, presence),
                shows_last_seen = COALESCE(@showsLastSeen, shows_last_seen),
                sends_read_receipts = COALESCE(@sendsReadReceipts, sends_read_receipts),
                settings_seq = @seq
            WHERE id = @account
            RETURNING {SettingsRow.Columns}
            """, new
        {
            account,
            seq,
            presence = request.Presence?.Word(),
            showsLastSeen = Number(request.ShowsLastSeen),
            sendsReadReceipts = Number(request.SendsReadReceipts),
        });

    private static long? Number(bool? choice) => choice is { } chosen ? (chosen ? 1 : 0) : null;
}
