using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Parley.Contract;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Servers;

namespace Parley.Server.Tests.Host;

public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_ready_server_says_what_it_stands_on(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync("/health/ready", Cancel));
        var storage = document.RootElement.GetProperty("storage");
        Assert.Equal("ok", document.RootElement.GetProperty("status").GetString());
        Assert.Equal(database, storage.GetProperty("kind").GetString());
        Assert.Equal(MigrationScript.Of(database)[^1].Number, storage.GetProperty("schemaVersion").GetInt32());
        Assert.NotEmpty(storage.GetProperty("durability").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_server_without_its_database_lives_but_is_not_ready()
    {
        var postgres = await PostgresServer.StartAsync(durable: false, cancel: Cancel);
        var database = await postgres.CreateAsync(Cancel);
        await using var server = await TestServer.StartAsync(database.ConnectionString);
        using var anna = server.As(await server.SessionAsync("anna"));
        await postgres.DisposeAsync();

        using var ready = await server.Http.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live", Cancel)).StatusCode);
        var refused = await TestServer.ProblemAsync(await anna.GetAsync("/api/v1/me/devices", Cancel));
        Assert.Equal(RefusalCode.Overloaded, refused.Code);
    }

    [Fact]
    public async Task A_stop_lets_running_requests_end()
    {
        TaskCompletionSource begun = new(), mayEnd = new();
        await using var server = await TestServer.StartAsync(map: app => app.MapGet("/api/v1/slow", async () =>
        {
            begun.SetResult();
            await mayEnd.Task;
            return "done";
        }).AllowAnonymous());
        var slow = server.Http.GetStringAsync("/api/v1/slow", Cancel);
        await begun.Task;

        var stop = server.App.StopAsync(Cancel);
        mayEnd.SetResult();

        Assert.Equal("done", await slow);
        await stop;
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_request_that_never_ends()
    {
        TaskCompletionSource begun = new();
        await using var server = await TestServer.StartAsync(
            settings: new() { ["Host:ShutdownSeconds"] = "1" },
            map: app => app.MapGet("/api/v1/never", (HttpContext context) =>
            {
                begun.SetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }).AllowAnonymous());
        var never = server.Http.GetAsync("/api/v1/never", Cancel);
        await begun.Task;

        await server.App.StopAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancel);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => never);
    }
}
