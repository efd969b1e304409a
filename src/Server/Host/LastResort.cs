using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Host;

/// <summary>
/// Where every exception ends: as problem details with a stable code, logged once, without a word of what is inside.
/// Also gives a body to the statuses that routing answers without one. Rule WR-5.
/// </summary>
internal static class LastResort
{
    private static readonly Refusal Unexpected = new(
        RefusalCode.Unexpected, "Something broke on our side. Try again; if it stays, tell the operator the trace id.");

    private static readonly Refusal NoText = Refuse.Invalid("The character U+0000 is not text. Remove it.");

    private static readonly Refusal BodyTooLarge = new(
        RefusalCode.TooLong,
        $"The body has more than {Limits.FrameBytesMax} bytes. Nothing was done; send less at a time.");

    public static void UseLastResort(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Parley.Server.Host");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                if (IsBare(context.Response))
                    await Problems.WriteAsync(
                        context, OfStatus(context.Response.StatusCode), context.Response.StatusCode);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The caller left; nobody reads an answer.
            }
#pragma warning disable CA1031 // It is the last resort.
            catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
            {
                var (refusal, status) = Judge(error, context, log);
                await Problems.WriteAsync(context, refusal, status);
            }
        });
    }

    /// <summary>
    /// Answers what no endpoint answers: an unknown path, a method or a body type that a path does not take, an address
    /// that is no text. Stands before authorisation, which would ask a stranger to sign in only to say that nothing is
    /// there.
    /// </summary>
    public static void UseUnknownRoutes(this WebApplication app) =>
        app.Use((context, next) => context.GetEndpoint() switch
        {
            _ when HoldsNull(context.Request) => Problems.WriteAsync(context, NoText),
            null => Problems.WriteAsync(context, Refuse.NotFound),
            RouteEndpoint => next(context),
            // Routing's own: 405 and 415. They get their body above.
            { RequestDelegate: { } answer } => answer(context),
            _ => Task.CompletedTask,
        });

    /// <summary>In a statement it costs the driver of PostgreSQL its connection. Verbs judge their bodies.</summary>
    private static bool HoldsNull(HttpRequest request) =>
        request.Path.Value?.Contains('\0', StringComparison.Ordinal) == true
        || request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true;

    /// <summary>A status that the framework set and left without a word.</summary>
    private static bool IsBare(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null };

    private static (Refusal Refusal, int? Status) Judge(Exception error, HttpContext context, ILogger log)
    {
        switch (error)
        {
            case StorageTrouble trouble:
                Log.StorageTrouble(
                    log, context.Request.Method, RouteOf(context), trouble.Refusal.Code.ToString(), trouble);
                return (trouble.Refusal, null);
            case BadHttpRequestException { InnerException: JsonException json }:
                return (OfJson(json), null);
            case BadHttpRequestException { StatusCode: var status }:
                return (OfStatus(status), status);
            case JsonException json:
                return (OfJson(json), null);
            default:
                Log.Unexpected(log, context.Request.Method, RouteOf(context), error);
                return (Unexpected, null);
        }
    }

    private static Refusal OfJson(JsonException json) => Refuse.Invalid(
        $"The body is not of the documented shape at {json.Path ?? "$"}; see /openapi/v1.json.");

    private static Refusal OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Refuse.Unauthenticated,
        StatusCodes.Status403Forbidden => Refuse.Forbidden,
        StatusCodes.Status404NotFound => Refuse.NotFound,
        StatusCodes.Status405MethodNotAllowed =>
            Refuse.Invalid("This path does not take that method; the Allow header names those it takes."),
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => Refuse.Invalid("Send the body as application/json."),
        >= 500 => Unexpected,
        _ => Refuse.Invalid("The request is not of the documented shape; see /openapi/v1.json."),
    };

    /// <summary>The pattern, not the path: a path may hold what does not belong in a log.</summary>
    public static string? RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
}
