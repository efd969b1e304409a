using System.Net;
using System.Security.Cryptography;
using System.Text;
using Parley.Contract;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Accounts;

public sealed class PasswordTests
{
    private const string Another = "quite another set of words";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task AU4_A_change_of_password_ends_every_other_device(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var person = await server.AddPersonAsync("anna");
        var other = await server.SessionAsync(person);
        using var mine = server.As(await server.SessionAsync(person));

        var changed = await TestServer.PostAsync(
            mine, "/api/v1/me/password", new ChangePasswordRequest(TestServer.Password, Another));

        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.As(other).GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.TrySignInAsync("anna")).StatusCode);
        await server.SignInAsync("anna", Another);
    }

    [Fact]
    public async Task AU1_Guessing_the_current_password_from_a_stolen_session_locks_as_well()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = server.As(await server.SessionAsync("anna"));
        for (var i = 0; i < 10; i++)
        {
            var wrong =
                await TestServer.PostAsync(mine, "/api/v1/me/password", new ChangePasswordRequest("guess", Another));
            Assert.Equal(RefusalCode.WrongCredentials, (await TestServer.ProblemAsync(wrong)).Code);
        }

        var locked = await TestServer.PostAsync(
            mine, "/api/v1/me/password", new ChangePasswordRequest(TestServer.Password, Another));
        Assert.Equal(RefusalCode.LockedOut, (await TestServer.ProblemAsync(locked)).Code);
    }

    [Theory, EachDatabase]
    public async Task A_reset_link_sets_a_password_once_and_ends_every_session(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var session = await server.SessionAsync("anna");
        var link = await MakeLinkAsync(server, session.Me);

        Assert.Equal(HttpStatusCode.NoContent, (await UseAsync(server, link.Token, Another)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.As(session).GetAsync("/api/v1/me", Cancel)).StatusCode);
        await server.SignInAsync("anna", Another);
        var again = await TestServer.ProblemAsync(await UseAsync(server, link.Token, "and one more set of words"));
        Assert.Equal(RefusalCode.LinkExpired, again.Code);
    }

    [Fact]
    public async Task A_reset_link_used_twice_at_the_same_time_works_once()
    {
        await using var server = await TestServer.StartAsync(settings: new() { ["Accounts:HashesAtOnce"] = "4" });
        var link = await MakeLinkAsync(server, await server.AddPersonAsync("anna"));
        var answers =
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => UseAsync(server, link.Token, $"{Another} {i}")));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_new_link_voids_the_one_before_and_each_lives_24_hours()
    {
        await using var server = await TestServer.StartAsync();
        var anna = await server.AddPersonAsync("anna");
        var first = await MakeLinkAsync(server, anna, "boss");
        var second = await MakeLinkAsync(server, anna, "chief");
        Assert.Equal(RefusalCode.LinkExpired,
            (await TestServer.ProblemAsync(await UseAsync(server, first.Token, Another))).Code);

        server.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(RefusalCode.LinkExpired,
            (await TestServer.ProblemAsync(await UseAsync(server, second.Token, Another))).Code);
    }

    [Fact]
    public async Task A_weak_password_does_not_use_the_link_up()
    {
        await using var server = await TestServer.StartAsync();
        var link = await MakeLinkAsync(server, await server.AddPersonAsync("anna"));
        foreach (var weak in new[] { "short", "password1", "anna anna anna" })
            Assert.Equal(RefusalCode.WeakPassword,
                (await TestServer.ProblemAsync(await UseAsync(server, link.Token, weak))).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await UseAsync(server, link.Token, Another)).StatusCode);
    }

    [Fact]
    public async Task AU1_A_reset_link_opens_a_locked_handle()
    {
        await using var server = await TestServer.StartAsync();
        var anna = await server.AddPersonAsync("anna");
        for (var i = 0; i < 10; i++)
            await server.TrySignInAsync("anna", "wrong");
        var link = await MakeLinkAsync(server, anna);
        await UseAsync(server, link.Token, Another);
        await server.SignInAsync("anna", Another);
    }

    [Fact]
    public async Task Only_the_hash_of_a_link_is_stored()
    {
        await using var server = await TestServer.StartAsync();
        var link = await MakeLinkAsync(server, await server.AddPersonAsync("anna"));
        var stored = await server.Database.ReadAsync(
            view => view.SingleAsync<byte[]>("SELECT token_hash FROM reset_link"), Cancel);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(link.Token)), stored);
    }

    private static async Task<ResetLink> MakeLinkAsync(TestServer server, Person person, string by = "boss")
    {
        using var admin = server.As(await server.SessionAsync(by, Role.Administrator));
        return await TestServer.ReadAsync<ResetLink>(
            await admin.PostAsync($"/api/v1/accounts/{person.Id}/reset-link", null, Cancel));
    }

    private static Task<HttpResponseMessage> UseAsync(TestServer server, string token, string password) =>
        TestServer.PostAsync(server.Http, "/api/v1/auth/reset", new UseResetLinkRequest(token, password));
}
