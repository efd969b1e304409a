using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Parley.Contract;

namespace Parley.Server.Host;

/// <summary>
/// The server in its network: bounds of requests, proxies it believes, pages of other origins, how it stops.
/// </summary>
internal static class Network
{
    private const string OtherOrigins = "allowed origins";

    public static void AddNetwork(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<HostingOptions>()
            .BindConfiguration("Host").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HostingOptions>>((host, options) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.Value.ShutdownSeconds));
        builder.WebHost.UseSockets(sockets =>
        {
            // A whole school reconnects at once; the default of 512 makes the rest wait a second for their next try.
            sockets.Backlog = 4096;
            // What a socket brings is parsed, judged and queued without another hop. Together with the variable in
            // docs/operations/running.md, which .NET reads before we run, it halves the wait at ordinary load.
            sockets.UnsafePreferInlineScheduling = true;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.FrameBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        builder.Services.AddSingleton<Origins>();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<HostingOptions>>(
            (cors, options) => cors.AddPolicy(OtherOrigins, policy => policy
                .WithOrigins(options.Value.AllowedOrigins)
                .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
                .WithHeaders("Authorization", "Content-Type", CorrelationIds.Header)
                .WithExposedHeaders("Retry-After", CorrelationIds.Header)
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HostingOptions>>(
            (forwarded, options) => Trust(forwarded, options.Value.TrustedProxies));
    }

    public static void UseForwardedByTrustedProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<HostingOptions>>().Value.TrustedProxies.Length > 0)
            app.UseForwardedHeaders();
    }

    public static void UseOrigins(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<Origins>();
        app.Use(origins.CheckAsync);
        app.UseCors(OtherOrigins);
    }

    private static void Trust(ForwardedHeadersOptions forwarded, string[] proxies)
    {
        // The host name is not taken from them: a proxy passes it on, and it decides which origin is ours.
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }
    }
}
