using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>The caller's signed-in devices, newest first.</summary>
internal sealed class ListDevices(IDatabase database, TimeProvider time)
{
    public async Task<Outcome<Devices>> RunAsync(Caller caller, CancellationToken cancel)
    {
        // Index: device_account.
        var devices = await database.ReadAsync(view => view.QueryAsync<StoredDevice>(
            $"""
            SELECT {DeviceSql.Columns}
            FROM device
            WHERE account_id = @AccountId AND revoked_at IS NULL AND expires_at > @Now
            ORDER BY signed_in_at DESC, id DESC
            """,
            new { caller.AccountId, Now = time.GetUtcNow() }), cancel);
        return new Devices([.. devices.Select(device => new Device(
            device.Id, device.Name, device.SignedInAt, device.LastSeenAt, device.Id == caller.DeviceId))]);
    }
}
