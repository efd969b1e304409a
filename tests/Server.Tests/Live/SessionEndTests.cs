using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Live;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Live;

/// <summary>What ends a session ends its connections, whoever ends it and whatever the client does.</summary>
public sealed class SessionEndTests
{
    private const string NewPassword = "four other words instead";
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ends => ["deactivate", "revoke", "sign-out", "password", "reset"];

    [Theory, MemberData(nameof(Ends))]
    public async Task AU4_Its_connections_close_within_2_s_with_a_word_and_others_stay(string how)
    {
        await using var server = await StartAsync();
        var anna = await server.AddPersonAsync("anna");
        var (phone, laptop) = (await server.SessionAsync(anna), await server.SessionAsync(anna));
        await using var line = await HubLine.OpenAsync(server, phone);
        await using var other = await HubLine.OpenAsync(server, laptop);

        await EndAsync(server, how, phone, laptop);

        var began = TimeProvider.System.GetTimestamp();
        await line.Closed;
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, Promise);
        Assert.Equal(new(GoodbyeReason.Revoked, null), await line.PushedAsync<Goodbye>(Wire.GoodbyeTarget));
        if (how is "deactivate" or "reset")
            await other.Closed;
        else
            Assert.NotNull((await other.AskAsync(Verbs.Sync, new(null, 0, []))).Value);
    }

    [Theory, EachDatabase]
    public async Task CV3_Nothing_is_pushed_to_an_account_after_its_end(string database)
    {
        await using var server = await StartAsync(database);
        var (anna, ben) = (await server.SessionAsync("anna", Role.Staff), await server.SessionAsync("ben", Role.Staff));
        await using var line = await HubLine.OpenAsync(server, anna);
        await using var sender = await HubLine.OpenAsync(server, ben);
        var direct = (await sender.AskAsync(Verbs.OpenDirect, new(anna.Me.Id))).Value!;
        await SendAsync(sender, direct.Conversation.Id, "before");
        await line.PushedAsync<Changes>(Wire.ChangesTarget, changes => changes.Messages is [{ Body: "before" }]);

        await EndAsync(server, "deactivate", anna, anna);
        await SendAsync(sender, direct.Conversation.Id, "after");
        await line.Closed;

        Assert.DoesNotContain(line.Records, record => record.Contains("after\"", StringComparison.Ordinal)
            && record.Contains("\"body\"", StringComparison.Ordinal));
    }

    /// <summary>The ticket was good, the hands not yet shaken: there was no connection to be told.</summary>
    [Fact]
    public async Task AU4_A_session_that_ends_while_its_connection_opens_gets_none()
    {
        await using var server = await StartAsync();
        var anna = await server.SessionAsync("anna");
        await using var line = await HubLine.ConnectAsync(server, await HubLine.TicketAsync(server, anna));

        await EndAsync(server, "deactivate", anna, anna);
        await line.ShakeAsync();

        await line.Closed;
        Assert.InRange(server.Get<LiveConnections>().Of(anna.Me.Id).Count, 0, 0);
    }

    /// <summary>The clock stands, so nothing is cut: the session is judged by each call itself.</summary>
    [Fact]
    public async Task AU6_A_call_is_refused_as_soon_as_the_session_has_ended()
    {
        await using var server = await TestServer.StartAsync();
        var anna = await server.SessionAsync("anna");
        await using var line = await HubLine.OpenAsync(server, anna);

        await EndAsync(server, "revoke", anna, anna);

        var reply = await line.AskAsync(Verbs.Sync, new(null, 0, []));
        Assert.Equal(RefusalCode.Unauthenticated, reply.Refusal?.Code);
        Assert.False(line.IsClosed);
    }

    [Fact]
    public async Task AU6_A_new_role_holds_from_the_next_call_on_an_open_line()
    {
        await using var server = await StartAsync();
        var anna = await server.SessionAsync("anna");
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        await using var line = await HubLine.OpenAsync(server, anna);
        async Task<RefusalCode?> MakeAsync()
        {
            var made = await line.AskAsync(Verbs.CreateGroup, new(new(Guid.CreateVersion7()), "Choir", [], null));
            return made.Refusal?.Code;
        }

        Assert.Equal(RefusalCode.Forbidden, await MakeAsync());

        foreach (var role in new[] { Role.Staff, Role.Member })
        {
            using var changed = await admin.PutAsync(
                $"/api/v1/accounts/{anna.Me.Id}/role",
                System.Net.Http.Json.JsonContent.Create(new ChangeRoleRequest(role), null, WireJson.Options), Cancel);
            Assert.True(changed.IsSuccessStatusCode);
            Assert.Equal(role == Role.Staff ? null : RefusalCode.Forbidden, await MakeAsync());
        }
    }

    private static Task<TestServer> StartAsync(string database = Databases.Sqlite) => TestServer.StartAsync(
        database, configure: builder => builder.Services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)));

    private static async Task EndAsync(TestServer server, string how, SignedIn ended, SignedIn other)
    {
        using var own = server.As(ended);
        using var fellow = server.As(other);
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        using var answer = how switch
        {
            "deactivate" => await admin.PostAsync($"/api/v1/accounts/{ended.Me.Id}/deactivate", null, Cancel),
            "revoke" => await fellow.DeleteAsync($"/api/v1/me/devices/{ended.DeviceId}", Cancel),
            "sign-out" => await own.PostAsync("/api/v1/auth/sign-out", null, Cancel),
            "password" => await TestServer.PostAsync(
                fellow, "/api/v1/me/password", new ChangePasswordRequest(TestServer.Password, NewPassword)),
            _ => await TestServer.PostAsync(server.Http, "/api/v1/auth/reset", new UseResetLinkRequest(
                (await TestServer.ReadAsync<ResetLink>(
                    await admin.PostAsync($"/api/v1/accounts/{ended.Me.Id}/reset-link", null, Cancel))).Token,
                NewPassword)),
        };
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task SendAsync(HubLine line, ConversationId conversation, string body) => Assert.NotNull(
        (await line.AskAsync(Verbs.Send, new(new(Guid.CreateVersion7()), conversation, body))).Value);
}
