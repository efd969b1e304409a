using Microsoft.AspNetCore.Routing;
using Parley.Contract;

namespace Parley.Server.Host;

/// <summary>
/// HTTP bodies follow the wire's rules, and a body that does not is answered in one place. Rules WR-2, WR-3.
/// </summary>
internal static class Json
{
    public static void AddWireJson(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => WireJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }
}
