using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Parley.Contract;

namespace Parley.Server.Kernel;

/// <summary>
/// How a refusal looks over HTTP: problem details (RFC 9457) with a stable code. The only place that knows statuses.
/// </summary>
internal static class Problems
{
    /// <summary>200 with the value, or the refusal's problem.</summary>
    public static async Task<IResult> ToResultAsync<T>(this Task<Outcome<T>> answer) where T : class
    {
        var outcome = await answer;
        return outcome.Refusal is { } refusal
            ? refusal.ToResult()
            : outcome.Value is Done ? TypedResults.NoContent() : TypedResults.Ok(outcome.Value);
    }

    public static IResult ToResult(this Refusal refusal) => new ProblemResult(refusal);

    /// <summary>
    /// Writes the problem; also used where no endpoint runs (authentication, limits, last resort). A status is given
    /// only where HTTP itself has a more exact one than the code (405, 415).
    /// </summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal, int? exactStatus = null)
    {
        var status = exactStatus ?? StatusOf(refusal.Code);
        context.Response.StatusCode = status;
        if (refusal.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";

        var problem = new ProblemDetails
        {
            Type = "https://parley.example/problems/" + refusal.Code.ToString(),
            Title = refusal.Code.ToString(),
            Status = status,
            Detail = refusal.Detail,
            Extensions =
            {
                ["code"] = refusal.Code,
                ["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
            },
        };
        if (refusal.RetryAfterSeconds is { } wait)
            problem.Extensions["retryAfterSeconds"] = wait;

        return context.Response.WriteAsJsonAsync(
            problem, WireJson.Options, "application/problem+json", context.RequestAborted);
    }

    public static int StatusOf(RefusalCode code) => code switch
    {
        RefusalCode.Invalid or RefusalCode.Empty or RefusalCode.WeakPassword or RefusalCode.LinkExpired
            or RefusalCode.NotAGroup => StatusCodes.Status400BadRequest,
        RefusalCode.Unauthenticated or RefusalCode.WrongCredentials => StatusCodes.Status401Unauthorized,
        RefusalCode.Forbidden or RefusalCode.OriginNotAllowed or RefusalCode.Muted => StatusCodes.Status403Forbidden,
        RefusalCode.NotFound => StatusCodes.Status404NotFound,
        RefusalCode.IdTaken or RefusalCode.Archived or RefusalCode.VersionConflict or RefusalCode.AlreadyExists
            or RefusalCode.GroupFull or RefusalCode.LastOwner => StatusCodes.Status409Conflict,
        RefusalCode.Removed => StatusCodes.Status410Gone,
        RefusalCode.TooLong => StatusCodes.Status413PayloadTooLarge,
        RefusalCode.TooManyRequests or RefusalCode.LockedOut => StatusCodes.Status429TooManyRequests,
        RefusalCode.Overloaded or RefusalCode.ShuttingDown => StatusCodes.Status503ServiceUnavailable,
        RefusalCode.StorageFull => StatusCodes.Status507InsufficientStorage,
        RefusalCode.Unexpected => StatusCodes.Status500InternalServerError,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Every code has a status."),
    };

    private sealed class ProblemResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, refusal);
    }
}
