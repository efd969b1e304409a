using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Conversations;
using Parley.Server.Demo;
using Parley.Server.Direct;
using Parley.Server.Expiry;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Live;
using Parley.Server.Messages;
using Parley.Server.Outbox;
using Parley.Server.Presence;
using Parley.Server.Receipts;
using Parley.Server.Storage;
using Parley.Server.Sync;
using Parley.Server.Typing;

namespace Parley.Server.Host;

// Host wires the rooms together and stands at the door: who asks, from where, how often, and how a "no" looks. It holds
// no rule of any room, and no room knows it.
/// <summary>The server: its rooms, and the way a request takes to them.</summary>
public static class ParleyHost
{
    /// <summary>Builds the server. Call <see cref="StartStorageAsync"/> before it runs.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Nobody edits settings of a running server; watching for it would watch the data folder too, at every commit.
        var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        builder.AddConsoleLogs();
        builder.AddNetwork();
        AddRooms(builder.Services);
        configure?.Invoke(builder);

        var app = builder.Build();
        UseDoor(app);
        MapRooms(app);
        return app;
    }

    /// <summary>Brings the database up to date and refuses one that could lose what it acknowledged.</summary>
    public static Task StartStorageAsync(this WebApplication app, CancellationToken cancel) =>
        app.Services.StartStorageAsync(cancel);

    private static void AddRooms(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChance, SystemChance>();
        services.AddWireJson();
        services.AddParleyAuthentication();
        services.AddRateLimits();
        services.AddSingleton<Health>();
        services.AddHostedService<MemoryReturn>();
        services.AddOpenApiDocument();
        services.AddStorage();
        services.AddJournal();
        services.AddOutbox();
        services.AddAccounts();
        services.AddConversations();
        services.AddMessages();
        services.AddReceipts();
        services.AddPresence();
        services.AddTyping();
        services.AddSync();
        services.AddDirect();
        services.AddExpiry();
        services.AddDemo();
        services.AddLive();
    }

    private static void UseDoor(WebApplication app)
    {
        app.UseForwardedByTrustedProxies();
        app.UseCorrelationIds();
        app.UseSecurityHeaders();
        app.UseLastResort();
        app.UseOpenApiPage();
        app.UseRouting();
        app.UseOrigins();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseUnknownRoutes();
        app.UseAuthorization();
    }

    private static void MapRooms(WebApplication app)
    {
        Health.Map(app);
        app.MapOpenApiDocument();
        var api = app.MapGroup(Wire.ApiPath);
        api.MapAccounts();
        api.MapConversations();
        api.MapMessages();
        api.MapDirect();
        api.MapReceipts();
        api.MapPresence();
        api.MapTyping();
        api.MapSync();
        app.MapLive();
    }
}
