using System.Net;
using System.Net.WebSockets;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Live;

/// <summary>What opens the hub, and what does not.</summary>
public sealed class TicketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AU5_A_ticket_opens_the_hub_once()
    {
        await using var server = await TestServer.StartAsync();
        var ticket = await HubLine.TicketAsync(server, await server.SessionAsync("anna"));
        await using var line = await HubLine.ConnectAsync(server, ticket);
        await line.ShakeAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await KnockAsync(server, "access_token=" + ticket));
        Assert.NotNull((await line.AskAsync(Verbs.Sync, new(null, 0, []))).Value);
    }

    [Fact]
    public async Task AU5_A_ticket_lives_30_s()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        var (early, late) = (await HubLine.TicketAsync(server, session), await HubLine.TicketAsync(server, session));

        server.Clock.Advance(TimeSpan.FromSeconds(29));
        await using var line = await HubLine.ConnectAsync(server, early);
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, await KnockAsync(server, "access_token=" + late));
    }

    [Fact]
    public async Task AU5_Nothing_but_a_ticket_opens_it()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        var ticket = await HubLine.TicketAsync(server, session);
        string[] wrong =
        [
            "access_token=", "access_token=guess", "access_token=" + session.AccessToken,
            "access_token=" + Uri.EscapeDataString(session.RefreshToken), "access_token=" + ticket[..^3] + "abc",
            $"access_token={ticket}&access_token={ticket}",
        ];

        foreach (var query in wrong)
            Assert.Equal(HttpStatusCode.Unauthorized, await KnockAsync(server, query));
        foreach (var query in new[] { "", "token=" + ticket }) // neither an origin nor a token: who knows what that is
            Assert.Equal(HttpStatusCode.Forbidden, await KnockAsync(server, query));
        await using var line = await HubLine.ConnectAsync(server, ticket); // none of that used it up
    }

    [Fact]
    public async Task AU5_A_token_in_an_address_is_refused_even_beside_a_good_one()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        using var client = server.As(session);
        using var answer = await client.GetAsync($"/api/v1/me?access_token={session.AccessToken}", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("own", true)]
    public async Task AU5_A_page_from_elsewhere_opens_no_line(string origin, bool isLetIn)
    {
        await using var server = await TestServer.StartAsync();
        var ticket = await HubLine.TicketAsync(server, await server.SessionAsync("anna"));
        var own = server.Address.GetLeftPart(UriPartial.Authority);

        var status = await KnockAsync(server, "access_token=" + ticket, origin == "own" ? own : origin);

        Assert.Equal(isLetIn ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, status);
    }

    [Theory]
    [InlineData("GET", "/live?id=x")]
    [InlineData("POST", "/live?id=x")]
    [InlineData("POST", "/live")]
    [InlineData("DELETE", "/live?id=x")]
    public async Task WR1_Other_transports_than_the_socket_do_not_exist(string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        var ticket = await HubLine.TicketAsync(server, await server.SessionAsync("anna"));
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = new HttpRequestMessage(new(method), $"{path}{separator}access_token={ticket}");
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);

        Assert.InRange((int)answer.StatusCode, 400, 499);
    }

    private static async Task<HttpStatusCode> KnockAsync(TestServer server, string query, string? origin = null)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket.ConnectAsync(
                new UriBuilder(server.Address) { Scheme = "ws", Path = Wire.HubPath, Query = query }.Uri, Cancel);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return socket.HttpStatusCode;
    }
}
