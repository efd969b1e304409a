using System.Net;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Host;

public sealed class OriginTests
{
    private const string Dashboard = "https://dashboard.school.example";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Host:AllowedOrigins:0"] = Dashboard,
        ["Host:AllowedOrigins:1"] = "https://other.example:8443",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly string[] Foreign =
    [
        "https://evil.example", "http://dashboard.school.example", "https://dashboard.school.example.evil.example",
        "https://dashboard.school.example:444", "https://dashboard.school.examplex",
        "https://evil.example/https://dashboard.school.example", "https://sub.dashboard.school.example",
        "https://school.example", "https://dashboard.school.example@evil.example",
        "https://dashboard.school.example/", "https://other.example", "https://other.example:8444", "null", "", "*",
        "file://", "data:", "about:blank", "chrome-extension://abcdef", "//dashboard.school.example",
        "dashboard.school.example", "javascript:alert(1)", "https://dаshboard.school.example",
        "https://DASHBOARD.SCHOOL.EXAMPLE.", "ftp://dashboard.school.example", "https://127.0.0.1",
        "http://127.0.0.1", "http://localhost", "http://[::1]",
        "https://dashboard.school.example https://evil.example",
    ];

    [Fact]
    public async Task AU5_A_foreign_origin_is_refused_before_anybody_is_asked_who_they_are()
    {
        await using var server = await TestServer.StartAsync(settings: Settings, map: LiveDoor.Map);
        var session = await server.SessionAsync("anna");
        using var client = server.As(session);
        var ticket =
            await TestServer.ReadAsync<LiveTicket>(await client.PostAsync("/api/v1/live/ticket", null, Cancel));
        var door = LiveDoor.Path + "?access_token=" + ticket.Ticket;

        foreach (var origin in Foreign)
        {
            foreach (var path in new[] { "/api/v1/me", "/live", "/live/negotiate", door })
            {
                using var answer = await SendAsync(client, HttpMethod.Get, path, origin);
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{origin} {answer.StatusCode}");
                Assert.Equal(RefusalCode.OriginNotAllowed, (await TestServer.ProblemAsync(answer)).Code);
            }
        }

        // It was not looked at, so it is still good.
        Assert.Equal(HttpStatusCode.OK, await LiveDoor.KnockAsync(server, ticket.Ticket));
    }

    [Fact]
    public async Task AU5_The_own_origin_and_those_on_the_list_are_let_in()
    {
        await using var server = await TestServer.StartAsync(settings: Settings, map: LiveDoor.Map);
        var session = await server.SessionAsync("anna");
        var own = server.Address.GetLeftPart(UriPartial.Authority);
        var behindProxy = own.Replace("http:", "https:", StringComparison.Ordinal);
        foreach (var origin in new[] { own, behindProxy, Dashboard, "https://other.example:8443" })
        {
            using var client = server.As(session);
            using var answer = await SendAsync(client, HttpMethod.Get, "/api/v1/me", origin);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var ticket =
                await TestServer.ReadAsync<LiveTicket>(await client.PostAsync("/api/v1/live/ticket", null, Cancel));
            Assert.Equal(HttpStatusCode.OK, await LiveDoor.KnockAsync(server, ticket.Ticket, origin));
        }
    }

    [Fact]
    public async Task A_page_on_the_list_gets_what_its_browser_asks_for_and_others_do_not()
    {
        await using var server = await TestServer.StartAsync(settings: Settings);
        using var preflight = await PreflightAsync(server, Dashboard);
        Assert.Equal([Dashboard], preflight.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
        using var foreign = await PreflightAsync(server, "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task AU5_Without_an_origin_a_program_needs_a_token_or_must_have_no_cookies()
    {
        await using var server = await TestServer.StartAsync(map: LiveDoor.Map);
        var session = await server.SessionAsync("anna");
        async Task<HttpStatusCode> AskAsync(HttpClient client, string path, params (string, string)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            foreach (var (name, value) in headers)
                request.Headers.Add(name, value);
            using var answer = await client.SendAsync(request, Cancel);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(server.As(session), "/api/v1/me", ("Cookie", "a=b")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server.Http, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server.Http, "/api/v1/me", ("Cookie", "a=b")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server.Http, LiveDoor.Path));
        Assert.Equal(HttpStatusCode.Forbidden,
            await AskAsync(server.As(session), "/api/v1/me", ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(
            HttpStatusCode.OK, await AskAsync(server.As(session), "/api/v1/me", ("Sec-Fetch-Site", "same-origin")));
    }

    [Theory]
    [InlineData("https://a.example/")]
    [InlineData("a.example")]
    [InlineData("*")]
    public async Task A_list_of_origins_that_cannot_match_stops_the_start(string origin)
    {
        var error = await Assert.ThrowsAnyAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => TestServer.StartAsync(settings: new() { ["Host:AllowedOrigins:0"] = origin }));
        Assert.Contains("https://a.example:8443", error.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PreflightAsync(TestServer server, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/people/lookup");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return server.Http.SendAsync(request, Cancel);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string origin)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return await client.SendAsync(request, Cancel);
    }
}
