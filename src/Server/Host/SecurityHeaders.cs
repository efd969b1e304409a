using Microsoft.Extensions.Options;
using Parley.Contract;

namespace Parley.Server.Host;

/// <summary>
/// Headers that keep a browser from doing more than was meant. Answers of the API are data: never stored, never shown
/// as a page. Pages run only our own scripts.
/// </summary>
internal static class SecurityHeaders
{
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";
    private static readonly string[] DataPaths = ["/api", "/openapi", "/health", Wire.HubPath];

    public static void UseSecurityHeaders(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<HostingOptions>>().Value.AllowedOrigins;
        var pagePolicy = PagePolicy(string.Join(' ', ["'self'", .. origins]));
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (context.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000";

            if (DataPaths.Any(path => context.Request.Path.StartsWithSegments(path)))
            {
                headers.CacheControl = "no-store";
                headers.ContentSecurityPolicy = DataPolicy;
                headers["Cross-Origin-Resource-Policy"] = origins.Length == 0 ? "same-origin" : "cross-origin";
            }
            else
            {
                headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(OpenApi.PagePath)
                    ? DocumentationPolicy
                    : pagePolicy;
            }

            return next(context);
        });
    }

    /// <summary>The API's page is made by its library with inline styles.</summary>
    private const string DocumentationPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string PagePolicy(string frameAncestors) =>
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        + "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
        + $"form-action 'self'; frame-ancestors {frameAncestors}; require-trusted-types-for 'script'";
}
