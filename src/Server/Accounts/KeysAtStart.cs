using Parley.Server.Accounts.Tokens;

namespace Parley.Server.Accounts;

/// <summary>
/// Has the keys read, or made, before the first door opens: a server that cannot sign must not start.
/// </summary>
internal sealed class KeysAtStart(SigningKeys keys, ILogger<KeysAtStart> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.KeysReady(log, keys.Signing.Id, keys.All.Count);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
