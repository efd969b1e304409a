using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

/// <summary>Ends the caller's own session.</summary>
internal sealed class SignOut(RevokeDevice revoke)
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, CancellationToken cancel)
    {
        // Ended by somebody else in this instant is ended as well.
        await revoke.RunAsync(caller, caller.DeviceId, cancel);
        return Done.Instance;
    }
}
