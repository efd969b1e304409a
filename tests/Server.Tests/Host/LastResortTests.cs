using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Parley.Contract;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Host;

public sealed class LastResortTests
{
    private const string SignIn = "/api/v1/auth/sign-in";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "documented shape")]
    [InlineData("{", "$")]
    [InlineData("[]", "$")]
    [InlineData("null", "documented shape")]
    [InlineData("""{"handle":1,"password":"x","deviceName":"x"}""", "$.handle")]
    [InlineData("""{"handle":null,"password":"x","deviceName":"x"}""", "documented shape")]
    [InlineData("""{"handle":"a","password":"x"}""", "documented shape")]
    [InlineData("""{"handle":"a","handle":"b","password":"x","deviceName":"x"}""", "documented shape")]
    [InlineData("""{"handle":"\ud800","password":"x","deviceName":"x"}""", "documented shape")]
    public async Task WR5_A_body_of_another_shape_is_invalid_and_says_where(string body, string detail)
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await PostAsync(server, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await TestServer.ProblemAsync(answer);
        Assert.Equal(RefusalCode.Invalid, problem.Code);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WR2_Unknown_members_are_ignored_and_nullable_ones_may_be_absent()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddPersonAsync("anna");
        using var signedIn = await PostAsync(
            server, $$"""{"new":{"a":[1]},"handle":"anna","password":"{{TestServer.Password}}","deviceName":"x"}""");
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);

        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        using var created = await admin.PostAsync(
            "/api/v1/accounts", Json("""{"handle":"mia","name":"Mia","role":"staff"}"""), Cancel);
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        var text = await created.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("\"role\":\"staff\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WR3_A_body_of_more_than_32_kB_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await PostAsync(server, $$"""{"handle":"{{new string('x', 33 * 1024)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(RefusalCode.TooLong, (await TestServer.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task WR3_A_body_that_nests_deeper_than_16_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var deep = new string('[', 17) + new string(']', 17);
        using var answer = await PostAsync(server, $$"""{"handle":"a","password":"x","deviceName":"x","y":{{deep}}}""");
        Assert.Equal(RefusalCode.Invalid, (await TestServer.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task WR5_A_body_that_is_not_JSON_is_answered_415()
    {
        await using var server = await TestServer.StartAsync();
        using var answer =
            await server.Http.PostAsync(SignIn, new StringContent("handle=a", null, "text/plain"), Cancel);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal(RefusalCode.Invalid, (await TestServer.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task WR5_What_breaks_inside_is_unexpected_logged_once_and_says_nothing_of_itself()
    {
        var log = new RecordingLog();
        await using var server = await TestServer.StartAsync(
            configure: log.Listen,
            map: app => app.MapGet("/api/v1/broken", IResult () => throw new InvalidOperationException("the inside"))
                .AllowAnonymous());

        using var answer = await server.Http.GetAsync("/api/v1/broken", Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("inside", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"unexpected\"", text, StringComparison.Ordinal);
        Assert.Single(log.Lines, line => line.Contains("the inside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trouble_with_storage_is_answered_as_its_refusal()
    {
        await using var server = await TestServer.StartAsync(map: app =>
        {
            app.MapGet("/api/v1/full", IResult () => throw StorageTrouble.Full(new IOException())).AllowAnonymous();
            app.MapGet("/api/v1/busy", IResult () => throw StorageTrouble.Busy(null)).AllowAnonymous();
        });

        using var full = await server.Http.GetAsync("/api/v1/full", Cancel);
        Assert.Equal(HttpStatusCode.InsufficientStorage, full.StatusCode);
        Assert.Equal("30", full.Headers.RetryAfter?.ToString());
        Assert.Equal(RefusalCode.StorageFull, (await TestServer.ProblemAsync(full)).Code);
        using var busy = await server.Http.GetAsync("/api/v1/busy", Cancel);
        Assert.Equal(RefusalCode.Overloaded, (await TestServer.ProblemAsync(busy)).Code);
    }

    private static Task<HttpResponseMessage> PostAsync(TestServer server, string body) =>
        server.Http.PostAsync(SignIn, Json(body), Cancel);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
