using System.Net;
using Parley.Contract;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Accounts;

public sealed class RefreshTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task AU3_A_refresh_token_answers_its_successor_and_a_fresh_access_token(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var first = await server.SessionAsync("anna");
        server.Clock.Advance(TimeSpan.FromMinutes(20));

        var second = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, first.RefreshToken));

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal((first.DeviceId, first.Me.Id), (second.DeviceId, second.Me.Id));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server, second));
    }

    [Theory, EachDatabase]
    public async Task AU3_A_replayed_refresh_token_revokes_the_device(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var first = await server.SessionAsync("anna");
        var second = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, first.RefreshToken));
        server.Clock.Advance(TimeSpan.FromSeconds(11));

        var replay = await TestServer.ProblemAsync(await RefreshAsync(server, first.RefreshToken));

        Assert.Equal(RefusalCode.Unauthenticated, replay.Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(server, second.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server, second));
    }

    [Theory, EachDatabase]
    public async Task AU3_A_lost_answer_is_given_again_for_ten_seconds(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var first = await server.SessionAsync("anna");
        var lost = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, first.RefreshToken));
        server.Clock.Advance(TimeSpan.FromSeconds(10));

        var again = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, first.RefreshToken));

        Assert.Equal(lost.RefreshToken, again.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(server, again.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task AU3_An_older_token_than_the_preceding_one_revokes_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.SessionAsync("anna");
        var second = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, first.RefreshToken));
        var third = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, second.RefreshToken));

        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(server, first.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(server, third.RefreshToken)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task AU3_Tabs_that_refresh_at_the_same_time_get_the_same_successor(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var first = await server.SessionAsync("anna");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(server, first.RefreshToken)));

        var tokens = await Task.WhenAll(answers.Select(TestServer.ReadAsync<SignedIn>));
        Assert.Single(tokens.Select(token => token.RefreshToken).Distinct());
    }

    [Fact]
    public async Task A_forged_refresh_token_neither_works_nor_harms()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        var other = await server.SessionAsync("ben");
        var forged = session.RefreshToken[..^4]
            + (session.RefreshToken.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        var mixed = session.RefreshToken[..32] + other.RefreshToken[32..];
        string[] tokens = ["", "x", forged, mixed, session.AccessToken, new string('A', 75), new string('_', 75)];
        foreach (var token in tokens)
            Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(server, token)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(server, session.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task A_session_that_is_idle_for_30_days_ends()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(server, session.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_90_days_after_its_sign_in_however_busy()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        for (var day = 20; day <= 80; day += 20)
        {
            server.Clock.Advance(TimeSpan.FromDays(20));
            session = await TestServer.ReadAsync<SignedIn>(await RefreshAsync(server, session.RefreshToken));
        }

        server.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(server, session.RefreshToken)).StatusCode);
    }

    private static Task<HttpResponseMessage> RefreshAsync(TestServer server, string token) =>
        TestServer.PostAsync(server.Http, "/api/v1/auth/refresh", new RefreshRequest(token));

    private static async Task<HttpStatusCode> MeAsync(TestServer server, SignedIn session)
    {
        using var client = server.As(session);
        using var answer = await client.GetAsync("/api/v1/me", Cancel);
        return answer.StatusCode;
    }
}
