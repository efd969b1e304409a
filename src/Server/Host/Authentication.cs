using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Accounts.Tokens;
using Parley.Server.Kernel;

namespace Parley.Server.Host;

/// <summary>
/// Who asks. HTTP takes an access token in the Authorization header, the hub a ticket; neither takes the other's, and a
/// token alone is not enough: its session must be valid now. An endpoint that says nothing needs a caller. Rules AU-2,
/// AU-5.
/// </summary>
internal static class Authentication
{
    private const string Either = "parley";
    private const string Bearer = "bearer";
    private const string Ticket = "ticket";

    public static void AddParleyAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Path.StartsWithSegments(Wire.HubPath) ? Ticket : Bearer)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Bearer, null)
            .AddScheme<AuthenticationSchemeOptions, TicketHandler>(Ticket, null);
        services.AddAuthorization(options =>
        {
            options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
            options.FallbackPolicy = options.DefaultPolicy;
            options.AddPolicy(Ticket, policy => policy.AddAuthenticationSchemes(Ticket).RequireAuthenticatedUser());
        });
    }

    private abstract class TokenHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options,
        ILoggerFactory logger,
        UrlEncoder encoder,
        Sessions sessions)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        private const string Prefix = "Bearer ";

        protected abstract Claims? Read();

        protected string? FromHeader() =>
            Request.Headers.Authorization is [{ } value] && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                ? value[Prefix.Length..]
                : null;

        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var caller = Read() is { } claims
                ? await sessions.CheckAsync(claims.AccountId, claims.DeviceId, Context.RequestAborted)
                : null;
            if (caller is null)
                return AuthenticateResult.NoResult();

            Context.Features.Set(caller);
            // SignalR takes the user's id from here; everything else takes the caller.
            var identity = new ClaimsIdentity(
                [new(ClaimTypes.NameIdentifier, caller.AccountId.ToString())], Scheme.Name);
            return AuthenticateResult.Success(new(new(identity), Scheme.Name));
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Log.Unauthenticated(Logger, Request.Method, LastResort.RouteOf(Context));
            return Problems.WriteAsync(Context, Refuse.Unauthenticated);
        }

        protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
            Problems.WriteAsync(Context, Refuse.Forbidden);
    }

    private sealed class BearerHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options,
        ILoggerFactory logger,
        UrlEncoder encoder,
        Sessions sessions,
        AccessTokens tokens)
        : TokenHandler(options, logger, encoder, sessions)
    {
        /// <summary>A token in a URL is refused even next to a good one: it is in somebody's log by now.</summary>
        protected override Claims? Read() =>
            FromHeader() is { } token && !Request.Query.ContainsKey("access_token") ? tokens.Read(token) : null;
    }

    private sealed class TicketHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options,
        ILoggerFactory logger,
        UrlEncoder encoder,
        Sessions sessions,
        LiveTickets tickets)
        : TokenHandler(options, logger, encoder, sessions)
    {
        protected override Claims? Read()
        {
            var ticket = Request.Query["access_token"] is [{ } given] ? given : FromHeader();
            return ticket is null ? null : tickets.Redeem(ticket);
        }
    }
}
