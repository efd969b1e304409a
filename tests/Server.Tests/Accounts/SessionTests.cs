using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Accounts;

public sealed class SessionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task AU4_Deactivation_ends_access_at_once_and_tells_the_live_door(string database)
    {
        var ends = new RecordingEnds();
        await using var server = await TestServer.StartAsync(
            database, configure: builder => builder.Services.AddSingleton<ISessionEnd>(ends));
        var session = await server.SessionAsync("anna");
        using var anna = server.As(session);
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(anna));

        var person = await TestServer.ReadAsync<Person>(
            await admin.PostAsync($"/api/v1/accounts/{session.Me.Id}/deactivate", null, Cancel));

        Assert.False(person.IsActive);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(anna));
        Assert.Equal([session.Me.Id], ends.Accounts);
        var refresh = await TestServer.PostAsync(
            server.Http, "/api/v1/auth/refresh", new RefreshRequest(session.RefreshToken));
        Assert.Equal(HttpStatusCode.Unauthorized, refresh.StatusCode);
    }

    [Fact]
    public async Task AU4_Another_node_learns_it_within_a_second()
    {
        var ends = new RecordingEnds();
        await using var one = await TestServer.StartAsync("postgres");
        await using var two = await TestServer.StartAsync(
            one.App.Configuration["Storage:Postgres"]!,
            configure: builder => builder.Services.AddSingleton<ISessionEnd>(ends),
            sharing: one);
        var session = await one.SessionAsync("anna");
        using var anna = two.As(session);
        using var admin = one.As(await one.SessionAsync("boss", Role.Administrator));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(anna));

        await TestServer.ReadAsync<Person>(
            await admin.PostAsync($"/api/v1/accounts/{session.Me.Id}/deactivate", null, Cancel));
        await two.Get<SessionWatch>().LookAsync(Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(anna));
        Assert.Equal([session.Me.Id], ends.Accounts);
    }

    [Fact]
    public async Task AU4_A_node_that_hears_nothing_asks_the_database_instead()
    {
        await using var one = await TestServer.StartAsync("postgres");
        await using var two = await TestServer.StartAsync(one.App.Configuration["Storage:Postgres"]!, sharing: one);
        var session = await one.SessionAsync("anna");
        using var anna = two.As(session);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(anna));
        await two.Get<SessionWatch>().StopAsync(Cancel);
        await one.As(session).PostAsync("/api/v1/auth/sign-out", null, Cancel);

        one.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(anna));
    }

    [Fact]
    public async Task A_remembered_session_is_answered_at_once_and_without_garbage()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        var sessions = server.Get<Sessions>();
        await server.Get<SessionWatch>().LookAsync(Cancel);
        Assert.NotNull(await sessions.CheckAsync(session.Me.Id, session.DeviceId, Cancel));
        await AskAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        await AskAsync();
        // Less than one byte a question; the rest is the loop's own.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);

        async Task AskAsync()
        {
            for (var i = 0; i < 1000; i++)
                Assert.NotNull(await sessions.CheckAsync(session.Me.Id, session.DeviceId, Cancel));
        }
    }

    [Fact]
    public async Task AU6_A_device_of_somebody_else_is_no_session()
    {
        await using var server = await TestServer.StartAsync();
        var anna = await server.SessionAsync("anna");
        var ben = await server.SessionAsync("ben");
        var sessions = server.Get<Sessions>();
        Assert.NotNull(await sessions.CheckAsync(anna.Me.Id, anna.DeviceId, Cancel));
        Assert.Null(await sessions.CheckAsync(ben.Me.Id, anna.DeviceId, Cancel));
    }

    [Fact]
    public async Task AU4_A_change_of_role_holds_from_the_next_request_on()
    {
        await using var server = await TestServer.StartAsync();
        var session = await server.SessionAsync("anna");
        using var anna = server.As(session);
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.GetAsync("/api/v1/accounts", Cancel)).StatusCode);

        await TestServer.ReadAsync<Person>(await SetRoleAsync(admin, session.Me.Id, Role.Administrator));
        Assert.Equal(HttpStatusCode.OK, (await anna.GetAsync("/api/v1/accounts", Cancel)).StatusCode);
        await TestServer.ReadAsync<Person>(await SetRoleAsync(admin, session.Me.Id, Role.Member));
        Assert.Equal(HttpStatusCode.Forbidden, (await anna.GetAsync("/api/v1/accounts", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Devices_are_listed_newest_first_and_one_can_end_another()
    {
        await using var server = await TestServer.StartAsync();
        var person = await server.AddPersonAsync("anna");
        var phone = await server.SessionAsync(person, "Phone");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var laptop = await server.SessionAsync(person, "Laptop");
        using var client = server.As(laptop);

        var devices = await TestServer.ReadAsync<Devices>(await client.GetAsync("/api/v1/me/devices", Cancel));
        Assert.Equal(["Laptop", "Phone"], devices.Items.Select(device => device.Name));
        Assert.Equal([true, false], devices.Items.Select(device => device.IsThisOne));

        var ended = await client.DeleteAsync($"/api/v1/me/devices/{phone.DeviceId}", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(server.As(phone)));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(client));
    }

    [Fact]
    public async Task The_device_of_somebody_else_reads_as_not_there()
    {
        await using var server = await TestServer.StartAsync();
        var anna = await server.SessionAsync("anna");
        var ben = await server.SessionAsync("ben");
        var theirs = await TestServer.ProblemAsync(
            await server.As(anna).DeleteAsync($"/api/v1/me/devices/{ben.DeviceId}", Cancel));
        var nobodys = await TestServer.ProblemAsync(
            await server.As(anna).DeleteAsync($"/api/v1/me/devices/{Guid.NewGuid()}", Cancel));
        Assert.Equal(theirs with { TraceId = "" }, nobodys with { TraceId = "" });
        Assert.Equal(HttpStatusCode.OK, await MeAsync(server.As(ben)));
    }

    private static Task<HttpResponseMessage> SetRoleAsync(HttpClient admin, AccountId id, Role role) =>
        admin.PutAsync($"/api/v1/accounts/{id}/role",
            System.Net.Http.Json.JsonContent.Create(new ChangeRoleRequest(role), null, WireJson.Options), Cancel);

    private static async Task<HttpStatusCode> MeAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/me", Cancel);
        return answer.StatusCode;
    }

    private sealed class RecordingEnds : ISessionEnd
    {
        public HashSet<DeviceId> Devices { get; } = [];

        public HashSet<AccountId> Accounts { get; } = [];

        public void DeviceEnded(DeviceId device) => Devices.Add(device);

        public void AccountEnded(AccountId account) => Accounts.Add(account);
    }
}
