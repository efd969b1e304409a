using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Host;

/// <summary>
/// Lets browsers in only from our own pages and from the allow-list, on every transport and before anybody is asked who
/// they are: WebSockets know no CORS. Programs without an origin must bring a token of their own, not cookies. Rule
/// AU-5.
/// </summary>
internal sealed class Origins(IOptions<HostingOptions> options, ILogger<Origins> log)
{
    private static readonly Refusal NotAllowed = new(
        RefusalCode.OriginNotAllowed,
        "This web origin may not talk to the server. The operator can allow it in Host:AllowedOrigins.");

    private readonly HashSet<string> _allowed = new(options.Value.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsGuarded(context.Request.Path) || IsAllowed(context.Request))
            return next(context);

        Log.OriginRefused(log);
        return Problems.WriteAsync(context, NotAllowed);
    }

    private static bool IsGuarded(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments(Wire.HubPath);

    private bool IsAllowed(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count > 0)
            return origins is [{ } origin] && (_allowed.Contains(origin) || IsOwn(request, origin));

        // A browser that leaves the origin out still says when a page of somebody else asks.
        if (request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none"))
            return false;
        if (HasToken(request))
            return true;

        return !request.Path.StartsWithSegments(Wire.HubPath) && request.Headers.Cookie.Count == 0;
    }

    /// <summary>
    /// Same host and port. Of the scheme only so much: a page without TLS never talks to a server with it. Behind a
    /// proxy that ends TLS the server itself may not know that it is reached by https.
    /// </summary>
    private static bool IsOwn(HttpRequest request, string origin) =>
        request.Host.HasValue
        && (string.Equals(origin, "https://" + request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || (!request.IsHttps
                && string.Equals(origin, "http://" + request.Host.Value, StringComparison.OrdinalIgnoreCase)));

    private static bool HasToken(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        || (request.Path.StartsWithSegments(Wire.HubPath) && request.Query.ContainsKey("access_token"));
}
