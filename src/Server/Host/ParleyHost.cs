using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Host;

// Host wires the rooms together and stands at the door: who asks, from where, how often, and how a "no" looks. It holds no
// rule of any room, and no room knows it.
/// <summary>The server: its rooms, and the way a request takes to them.</summary>
public static class ParleyHost
{
    /// <summary>Builds the server. Call <see cref="StartStorageAsync"/> before it runs.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
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
        services.AddOpenApiDocument();
        services.AddStorage();
        services.AddAccounts();
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
    }
}
