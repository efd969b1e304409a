using System.Net;
using Parley.Contract;
using Parley.Server.Accounts.Tokens;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Accounts;

public sealed class TokenTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AU2_No_hostile_token_is_accepted()
    {
        await using var server = await TestServer.StartAsync(settings: new() { ["RateLimits:IsOff"] = "true" });
        var session = await server.SessionAsync("anna");
        var tokens = new HostileTokens(server.Get<SigningKeys>().Signing, session, server.Clock.GetUtcNow());

        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, tokens.Control()));
        var hostile = tokens.All().ToList();
        Assert.True(hostile.Count >= 40, $"{hostile.Count} tokens");
        foreach (var (name, token) in hostile)
            Assert.True(await AskAsync(server, token) == HttpStatusCode.Unauthorized, name);
    }

    [Fact]
    public async Task AU2_An_access_token_lives_15_minutes()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");

        server.Clock.Advance(TimeSpan.FromSeconds(899));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, session.AccessToken));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, session.AccessToken));
    }

    [Fact]
    public async Task AU5_An_access_token_in_a_URL_is_refused_even_next_to_a_good_header()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        var path = "/api/v1/me?access_token=" + session.AccessToken;

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Http.GetAsync(path, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.As(session).GetAsync(path, Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_first_start_makes_a_key_that_only_its_user_may_read()
    {
        await using var server = await TestServer.StartAsync();
        var file = Path.Combine(server.Folder, "keys", "signing.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(32, server.Get<SigningKeys>().Signing.Secret.Length);
        Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "keys")));
    }

    [Fact]
    public async Task A_rotation_of_keys_logs_nobody_out_on_any_node()
    {
        await using var one = await TestServer.StartAsync("postgres");
        await using var two = await TestServer.StartAsync(await PostgresOfAsync(one), sharing: one);
        var session = await one.SessionAsync("anna");
        var before = one.Get<SigningKeys>().Signing.Id;

        one.Get<SigningKeys>().Rotate();
        for (var i = 0; i < 20; i++)
        {
            one.Clock.Advance(TimeSpan.FromSeconds(6));
            foreach (var node in new[] { one, two })
            {
                Assert.Equal(HttpStatusCode.OK, await AskAsync(node, session.AccessToken));
                session = await TestServer.ReadAsync<SignedIn>(
                    await TestServer.PostAsync(
                        node.Http, "/api/v1/auth/refresh", new RefreshRequest(session.RefreshToken)));
            }
        }

        Assert.NotEqual(before, two.Get<SigningKeys>().Signing.Id);
        Assert.Equal(2, two.Get<SigningKeys>().All.Count);
    }

    [Fact]
    public async Task A_key_is_dropped_when_its_last_token_has_expired()
    {
        await using var server = await TestServer.StartAsync();
        var keys = server.Get<SigningKeys>();
        keys.Rotate();
        server.Clock.Advance(TimeSpan.FromDays(32));
        keys.Rotate();
        Assert.Equal(2, keys.All.Count);
    }

    [Fact]
    public async Task AU5_A_ticket_opens_the_hub_once_and_within_30_seconds()
    {
        await using var server = await TestServer.StartAsync(map: LiveDoor.Map);
        var session = await server.SessionAsync("anna");
        using var client = server.As(session);
        async Task<string> TicketAsync() =>
            (await TestServer.ReadAsync<LiveTicket>(
                await client.PostAsync("/api/v1/live/ticket", null, Cancel))).Ticket;

        var ticket = await TicketAsync();
        Assert.Equal(HttpStatusCode.OK, await LiveDoor.KnockAsync(server, ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await LiveDoor.KnockAsync(server, ticket));

        ticket = await TicketAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.Unauthorized, await LiveDoor.KnockAsync(server, ticket));
    }

    [Fact]
    public async Task AU5_A_ticket_is_no_access_token_and_an_access_token_no_ticket()
    {
        await using var server = await TestServer.StartAsync(map: LiveDoor.Map);
        var session = await server.SessionAsync("anna");
        var ticket = await TestServer.ReadAsync<LiveTicket>(
            await server.As(session).PostAsync("/api/v1/live/ticket", null, Cancel));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, ticket.Ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await LiveDoor.KnockAsync(server, session.AccessToken));
        var header = await server.As(session).GetAsync(LiveDoor.Path, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, header.StatusCode);
    }

    [Fact]
    public async Task AU4_A_ticket_of_a_revoked_device_opens_nothing()
    {
        await using var server = await TestServer.StartAsync(map: LiveDoor.Map);
        using var client = server.As(await server.SessionAsync("anna"));
        var ticket =
            await TestServer.ReadAsync<LiveTicket>(await client.PostAsync("/api/v1/live/ticket", null, Cancel));
        await client.PostAsync("/api/v1/auth/sign-out", null, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, await LiveDoor.KnockAsync(server, ticket.Ticket));
    }

    private static async Task<HttpStatusCode> AskAsync(TestServer server, string token)
    {
        using var client = server.NewClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using var answer = await client.GetAsync("/api/v1/me", Cancel);
        return answer.StatusCode;
    }

    private static Task<string> PostgresOfAsync(TestServer server) =>
        Task.FromResult(server.App.Configuration["Storage:Postgres"]!);
}
