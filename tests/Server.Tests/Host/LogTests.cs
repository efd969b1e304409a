using Microsoft.Extensions.Logging;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Host;

public sealed class LogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_token_password_or_name_is_ever_in_the_log_even_at_its_loudest()
    {
        var log = new RecordingLog();
        await using var server = await TestServer.StartAsync(
            settings: new()
            {
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
            },
            configure: builder =>
            {
                log.Listen(builder);
                builder.Logging.SetMinimumLevel(LogLevel.Trace);
            },
            map: LiveDoor.Map);
        await server.AddPersonAsync("secret-handle", name: "Secret Name");
        var session = await server.SignInAsync("secret-handle");
        await server.TrySignInAsync("secret-handle", "wrong-password");
        using var client = server.As(session);
        var ticket =
            await TestServer.ReadAsync<LiveTicket>(await client.PostAsync("/api/v1/live/ticket", null, Cancel));
        await LiveDoor.KnockAsync(server, ticket.Ticket);
        await LiveDoor.KnockAsync(server, session.AccessToken);
        await TestServer.PostAsync(server.Http, "/api/v1/auth/refresh", new RefreshRequest(session.RefreshToken));

        string[] secrets =
        [
            "access_token=", session.AccessToken, session.AccessToken.Split('.')[2], session.RefreshToken,
            ticket.Ticket,
            TestServer.Password, "wrong-password", "secret-handle", "Secret Name",
        ];
        Assert.True(log.Lines.Count > 10);
        foreach (var secret in secrets)
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abc-123_x.Y", true)]
    [InlineData("has space", false)]
    [InlineData("x\u00e9", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", false)]
    public async Task A_sane_correlation_id_is_kept_and_stands_in_the_log(string id, bool isKept)
    {
        var log = new RecordingLog();
        await using var server = await TestServer.StartAsync(configure: log.Listen);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.TryAddWithoutValidation("X-Correlation-Id", id);
        using var answer = await server.Http.SendAsync(request, Cancel);

        var answered = answer.Headers.GetValues("X-Correlation-Id").Single();
        Assert.Equal(isKept, answered == id);
        Assert.NotEmpty(answered);
        Assert.Contains(log.Lines, line => line.Contains($"CorrelationId={answered}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sign_ins_and_refused_requests_are_in_the_log_by_id()
    {
        var log = new RecordingLog();
        await using var server = await TestServer.StartAsync(configure: log.Listen);
        var person = await server.AddPersonAsync("anna");
        await server.SignInAsync("anna");
        await server.TrySignInAsync("anna", "wrong");
        await server.Http.GetAsync("/api/v1/me", Cancel);

        Assert.Contains(log.Lines, line => line.Contains($"Account {person.Id} signed in", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line =>
            line.Contains($"A sign-in failed; account {person.Id}", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("GET /api/v1/me/ was refused", StringComparison.Ordinal));
    }
}
