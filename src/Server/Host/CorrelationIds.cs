using System.Buffers;
using System.Diagnostics;

namespace Parley.Server.Host;

/// <summary>
/// One id through proxy, log and answer: the caller's when it is sane, else the trace id. Requirement OPS-09.
/// </summary>
internal static class CorrelationIds
{
    public const string Header = "X-Correlation-Id";
    private const int LengthMax = 64;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static void UseCorrelationIds(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Parley.Server.Host");
        app.Use(async (context, next) =>
        {
            var id = Choose(context);
            context.Response.Headers[Header] = id;
            using (log.BeginScope(new KeyValuePair<string, object>[] { new("CorrelationId", id) }))
                await next(context);
        });
    }

    private static string Choose(HttpContext context)
    {
        var given = context.Request.Headers[Header] is [{ } only] ? only : "";
        return given.Length is > 0 and <= LengthMax && !given.AsSpan().ContainsAnyExcept(Alphabet)
            ? given
            : Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
    }
}
