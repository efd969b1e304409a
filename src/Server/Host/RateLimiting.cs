using Parley.Server.Kernel;

namespace Parley.Server.Host;

/// <summary>
/// Counts every request: for its caller, or, without a valid session, for its address. Stands after authentication, so
/// a guessed token costs the guesser. Rule WR-6.
/// </summary>
internal static class RateLimiting
{
    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits")
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RateLimits>();
    }

    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Parley.Server.Host");
        app.Use((context, next) =>
        {
            var refusal = context.Features.Get<Caller>() is { } caller
                ? limits.TryTake(caller)
                : limits.TryTake(context.Connection.RemoteIpAddress);
            if (refusal is null)
                return next(context);

            Log.RateLimited(log, context.Request.Method, LastResort.RouteOf(context));
            return Problems.WriteAsync(context, refusal);
        });
    }
}
