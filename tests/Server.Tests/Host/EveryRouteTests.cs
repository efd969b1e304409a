using System.Net;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Host;

public sealed class EveryRouteTests
{
    /// <summary>Routes that need no session. A new one is a decision, and is written down here.</summary>
    private static readonly string[] Anonymous =
    [
        "GET /health/live",
        "GET /health/ready",
        "GET /openapi/{documentName}.json",
        "POST /api/v1/auth/refresh",
        "POST /api/v1/auth/reset",
        "POST /api/v1/auth/sign-in",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_refuses_without_a_session_but_those_that_are_named_here()
    {
        await using var server = await TestServer.StartAsync();
        var routes = Route.AllOf(server);
        Assert.True(routes.Count > 20);
        var anonymous = routes.Where(route => route.IsAnonymous).Select(route => $"{route}");
        Assert.Equal(Anonymous, anonymous.Order(StringComparer.Ordinal));
        foreach (var route in routes.Where(route => !route.IsAnonymous))
        {
            using var answer = await server.Http.SendAsync(route.Request(), Cancel);
            // The hub does not even ask a program that comes without a ticket. Rule AU-5.
            var refused = route.Path.StartsWith(Wire.HubPath, StringComparison.Ordinal)
                ? HttpStatusCode.Forbidden
                : HttpStatusCode.Unauthorized;
            Assert.True(answer.StatusCode == refused, $"{route}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Every_route_refuses_a_session_that_has_ended()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.As(await server.SessionAsync("anna", Role.Administrator));
        await client.PostAsync("/api/v1/auth/sign-out", null, Cancel);
        foreach (var route in Route.AllOf(server).Where(route => !route.IsAnonymous))
        {
            using var answer = await client.SendAsync(route.Request(), Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{route}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Every_route_answers_with_the_headers_that_bind_a_browser()
    {
        await using var server = await TestServer.StartAsync(settings: new() { ["RateLimits:IsOff"] = "true" });
        foreach (var handle in new[] { null, "anna" })
        {
            using var client = handle is null ? server.NewClient() : server.As(await server.SessionAsync(handle));
            foreach (var route in Route.AllOf(server))
            {
                if (route.Path.EndsWith("sign-out", StringComparison.Ordinal))
                    continue;

                using var answer = await client.SendAsync(route.Request(), Cancel);
                Assert.True(IsBound(answer), $"{route}\n{answer.Headers}");
            }
        }
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/nothing")]
    public async Task Pages_and_what_is_not_there_have_them_as_well(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Http.GetAsync(path, Cancel);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Empty(answer.Headers.Server);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, RefusalCode.NotFound)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound, RefusalCode.NotFound)]
    [InlineData("DELETE", "/api/v1/me/devices/not-an-id", HttpStatusCode.NotFound, RefusalCode.NotFound)]
    [InlineData("DELETE", "/api/v1/me", HttpStatusCode.MethodNotAllowed, RefusalCode.Invalid)]
    [InlineData("GET", "/api/v1/auth/sign-in", HttpStatusCode.MethodNotAllowed, RefusalCode.Invalid)]
    public async Task WR5_What_no_route_takes_is_a_problem_with_a_code(
        string method, string path, HttpStatusCode status, RefusalCode code)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Http.SendAsync(new(new(method), path), Cancel);
        Assert.Equal(status, answer.StatusCode);
        var problem = await TestServer.ProblemAsync(answer);
        Assert.Equal((code, (int)status), (problem.Code, problem.Status));
        Assert.NotEmpty(problem.TraceId);
    }

    private static bool IsBound(HttpResponseMessage answer) =>
        answer.Headers.CacheControl?.NoStore == true
        && answer.Headers.GetValues("X-Content-Type-Options").Single() == "nosniff"
        && answer.Headers.GetValues("Referrer-Policy").Single() == "no-referrer"
        && answer.Headers.GetValues("Content-Security-Policy").Single() == "default-src 'none'; frame-ancestors 'none'"
        && answer.Headers.Contains("X-Correlation-Id")
        && !answer.Headers.Contains("Server");
}
