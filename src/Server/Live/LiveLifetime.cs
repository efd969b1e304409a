using Microsoft.AspNetCore.SignalR;

namespace Parley.Server.Live;

/// <summary>
/// Hands each connection's context to the hub, which SignalR keeps to itself. Everything else is the framework's; its
/// groups and user look-ups are not used.
/// </summary>
internal sealed class LiveLifetime(ILogger<DefaultHubLifetimeManager<LiveHub>> log)
    : DefaultHubLifetimeManager<LiveHub>(log)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Features.Set(connection);
        return base.OnConnectedAsync(connection);
    }
}
