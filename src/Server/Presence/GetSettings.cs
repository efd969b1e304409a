using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Presence;

/// <summary>The caller's own settings.</summary>
internal sealed class GetSettings(IDatabase database)
{
    public Task<Outcome<AccountSettings>> RunAsync(Caller caller, CancellationToken cancel) =>
        database.ReadAsync<Outcome<AccountSettings>>(
            async view => (await SettingsRow.ReadAsync(view, caller.AccountId)).ToWire(), cancel);
}
