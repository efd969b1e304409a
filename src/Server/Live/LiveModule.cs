using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Fanout;

namespace Parley.Server.Live;

// Live is the open line: SignalR as a pipe, this node's connections by person, and the pushing. The hub holds no logic;
// each method is the same verb as its route. Nothing here is relied on for correctness: a push may be lost, a slow
// reader is cut off, and catch-up makes it whole. Groups, stateful reconnect and user look-ups of SignalR are not used.
internal static class LiveModule
{
    /// <summary>The policy by which a one-time ticket, and nothing else, opens the hub.</summary>
    public const string TicketPolicy = "ticket";

    /// <summary>A connection that says nothing for so long is gone (rule LV-1).</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<IFanout>(provider => provider.GetRequiredService<LiveConnections>());
        services.AddSingleton<Goodbyes>();
        services.AddSingleton<ISessionEnd>(provider => provider.GetRequiredService<Goodbyes>());
        services.AddHostedService<Heartbeats>();
        services.AddSingleton<LiveFilter>();
        services
            .AddSignalR(options =>
            {
                options.MaximumReceiveMessageSize = Limits.FrameBytesMax;
                options.MaximumParallelInvocationsPerClient = 16;
                options.HandshakeTimeout = TimeSpan.FromSeconds(5);
                options.KeepAliveInterval = TimeSpan.FromSeconds(15);
                options.ClientTimeoutInterval = SilenceMax;
                options.StreamBufferCapacity = 1;
                options.EnableDetailedErrors = false;
                options.AddFilter<LiveFilter>();
            })
            .AddJsonProtocol(options => WireJson.Configure(options.PayloadSerializerOptions));
        services.AddSingleton<IHubProtocol, LiveProtocol>(); // of two with the same name the last counts
        services.AddSingleton<HubLifetimeManager<LiveHub>, LiveLifetime>();
        return services;
    }

    public static void MapLive(this WebApplication app)
    {
        app.MapHub<LiveHub>(Wire.HubPath, options =>
        {
            // One ticket opens one connection; transports of many requests would need many. The fallback is HTTP
            // itself.
            options.Transports = HttpTransportType.WebSockets;
            options.ApplicationMaxBufferSize = 2 * Limits.FrameBytesMax;
            options.TransportMaxBufferSize = 64 * 1024;
            // A ticket lives for seconds; the session behind it is checked on each call.
            options.CloseOnAuthenticationExpiration = false;
            options.AllowStatefulReconnects = false;
        });
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<Goodbyes>().Leave);
    }
}
