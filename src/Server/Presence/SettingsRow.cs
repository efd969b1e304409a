using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>The columns of an account that its person sets.</summary>
internal sealed record SettingsRow(PresenceChoice Presence, long ShowsLastSeen, long SendsReadReceipts)
{
    public const string Columns = "presence, shows_last_seen, sends_read_receipts";

    public static Task<SettingsRow> ReadAsync(Snapshot view, AccountId account) =>
        view.SingleAsync<SettingsRow>($"SELECT {Columns} FROM account WHERE id = @account", new { account });

    public AccountSettings ToWire() => new(Presence, ShowsLastSeen == 1, SendsReadReceipts == 1);
}
