using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>Signs one of the caller's devices out. Rule AU-4.</summary>
internal sealed class RevokeDevice(
    IDatabase database, SessionChanges changes, TimeProvider time, ILogger<RevokeDevice> log)
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, DeviceId device, CancellationToken cancel) =>
        await database.WriteAsync(turn => RevokeAsync(turn, caller.AccountId, device), cancel)
            ? Done.Instance
            : Refuse.NotFound;

    private async Task<bool> RevokeAsync(Transaction turn, AccountId account, DeviceId id)
    {
        var now = time.GetUtcNow();
        var device = await DeviceSql.LockAsync(turn, id);
        if (device is null || device.AccountId != account || !device.IsAlive(now))
            return false;

        await DeviceSql.RevokeAsync(turn, id, now);
        await changes.DeviceEndedAsync(turn, account, id);
        turn.AfterCommit(() => Log.SignedOut(log, account, id));
        return true;
    }
}
