using System.Net;
using System.Net.Http.Json;
using Parley.Contract;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Accounts;

public sealed class AdministrationTests
{
    private static readonly AttributeDefinitions RollAndClass =
        new([new("roll-id", "Roll number"), new("class", "Class")]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task An_administrator_creates_an_account_whose_person_chooses_the_password(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        await PutAsync(admin, "/api/v1/attributes", RollAndClass);

        var created = await TestServer.ReadAsync<AccountCreated>(await TestServer.PostAsync(admin, "/api/v1/accounts",
            new CreateAccountRequest(
                "Mia.S", " Mia Schmidt ", Role.Member, new Dictionary<string, string> { ["class"] = "7b" })));

        Assert.Equal(("mia.s", "Mia Schmidt", "7b"),
            (created.Person.Handle, created.Person.Name, created.Person.Attributes["class"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.TrySignInAsync("mia.s")).StatusCode);
        var chosen = await TestServer.PostAsync(
            server.Http, "/api/v1/auth/reset", new UseResetLinkRequest(created.Link.Token, "a set of new words"));
        Assert.Equal(HttpStatusCode.NoContent, chosen.StatusCode);
        await server.SignInAsync("mia.s", "a set of new words");
    }

    [Theory, EachDatabase]
    public async Task A_handle_is_given_once_also_at_the_same_time(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        var request = new CreateAccountRequest("mia", "Mia", Role.Member, null);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => TestServer.PostAsync(admin, "/api/v1/accounts", request)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("x", "Mia", null)]
    [InlineData("mia", " ", null)]
    [InlineData("mia", "Mia\u0007", null)]
    [InlineData("mia", "Mia", "colour")]
    public async Task What_is_not_of_the_shape_is_refused(string handle, string name, string? key)
    {
        await using var server = await TestServer.StartAsync();
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        var attributes = key is null ? null : new Dictionary<string, string> { [key] = "blue" };
        var answer = await TestServer.PostAsync(
            admin, "/api/v1/accounts", new CreateAccountRequest(handle, name, Role.Member, attributes));
        Assert.Equal(RefusalCode.Invalid, (await TestServer.ProblemAsync(answer)).Code);
    }

    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Staff)]
    public async Task Only_administrators_administer(Role role)
    {
        await using var server = await TestServer.StartAsync();
        var other = await server.AddPersonAsync("other");
        using var client = server.As(await server.SessionAsync("anna", role));
        var account = $"/api/v1/accounts/{other.Id}";
        HttpResponseMessage[] answers =
        [
            await client.GetAsync("/api/v1/accounts", Cancel),
            await TestServer.PostAsync(
                client, "/api/v1/accounts", new CreateAccountRequest("mia", "Mia", Role.Member, null)),
            await client.PostAsync(account + "/deactivate", null, Cancel),
            await client.PostAsync(account + "/reactivate", null, Cancel),
            await client.PostAsync(account + "/reset-link", null, Cancel),
            await PutAsync(client, account + "/role", new ChangeRoleRequest(Role.Administrator)),
            await client.PatchAsJsonAsync(account, new ChangeProfileRequest("Other", null), WireJson.Options, Cancel),
            await PutAsync(client, "/api/v1/attributes", RollAndClass),
        ];
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
    }

    [Theory, EachDatabase]
    public async Task The_last_administrator_stays_one_also_when_two_demote_each_other(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var one = await server.SessionAsync("one", Role.Administrator);
        var two = await server.SessionAsync("two", Role.Administrator);

        var answers = await Task.WhenAll(
            PutAsync(server.As(one), $"/api/v1/accounts/{two.Me.Id}/role", new ChangeRoleRequest(Role.Member)),
            server.As(two).PostAsync($"/api/v1/accounts/{one.Me.Id}/deactivate", null, Cancel));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Theory, EachDatabase]
    public async Task Attributes_are_the_organisations_and_their_values_go_with_them(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        var mia = await server.AddPersonAsync("mia");
        await PutAsync(admin, "/api/v1/attributes", RollAndClass);
        var values = new Dictionary<string, string> { ["roll-id"] = "42", ["class"] = "7b" };
        await admin.PatchAsJsonAsync(
            $"/api/v1/accounts/{mia.Id}", new ChangeProfileRequest("Mia", values), WireJson.Options, Cancel);

        await PutAsync(admin, "/api/v1/attributes", new AttributeDefinitions([RollAndClass.Items[1]]));
        await PutAsync(admin, "/api/v1/attributes", RollAndClass);

        var person = Assert.Single((await TestServer.ReadAsync<PeoplePage>(
            await admin.GetAsync("/api/v1/accounts?filter=mia", Cancel))).Items);
        Assert.Equal("Mia", person.Name);
        Assert.Equal(["class"], person.Attributes.Keys);
        var defined =
            await TestServer.ReadAsync<AttributeDefinitions>(await admin.GetAsync("/api/v1/attributes", Cancel));
        Assert.Equal(RollAndClass.Items, defined.Items);
    }

    [Fact]
    public async Task A_reactivated_person_signs_in_with_the_former_password()
    {
        await using var server = await TestServer.StartAsync();
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        var mia = await server.AddPersonAsync("mia");
        await admin.PostAsync($"/api/v1/accounts/{mia.Id}/deactivate", null, Cancel);
        var link =
            await TestServer.ProblemAsync(await admin.PostAsync($"/api/v1/accounts/{mia.Id}/reset-link", null, Cancel));
        Assert.Equal(RefusalCode.Invalid, link.Code);

        await admin.PostAsync($"/api/v1/accounts/{mia.Id}/reactivate", null, Cancel);
        Assert.True((await server.SignInAsync("mia")).Me.IsActive);
    }

    [Fact]
    public async Task An_unknown_account_reads_as_not_found()
    {
        await using var server = await TestServer.StartAsync();
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        var answer = await admin.PostAsync($"/api/v1/accounts/{Guid.NewGuid()}/deactivate", null, Cancel);
        Assert.Equal(RefusalCode.NotFound, (await TestServer.ProblemAsync(answer)).Code);
    }

    private static Task<HttpResponseMessage> PutAsync<T>(HttpClient client, string path, T body) =>
        client.PutAsJsonAsync(path, body, WireJson.Options, Cancel);
}
