using System.Net;
using Parley.Contract;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Accounts;

public sealed class PeopleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Members_see_staff_and_those_they_share_a_conversation_with(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var me = await server.SessionAsync("me");
        var teacher = await server.AddPersonAsync("teacher", Role.Staff);
        var boss = await server.AddPersonAsync("boss", Role.Administrator);
        var mate = await server.AddPersonAsync("mate");
        var former = await server.AddPersonAsync("former");
        var before = await server.AddPersonAsync("before");
        var stranger = await server.AddPersonAsync("stranger");
        var elsewhere = await server.AddPersonAsync("elsewhere");
        await ShareAsync(server, (me.Me, 10, null), (mate, 5, null), (former, 5, 20), (before, 5, 8));
        await ShareAsync(server, (me.Me, 10, 20), (elsewhere, 5, null));

        Person[] people = [me.Me, teacher, boss, mate, former, before, stranger, elsewhere];
        AccountId[] all = [.. people.Select(person => person.Id), new(Guid.NewGuid())];
        Assert.Equal(["boss", "former", "mate", "me", "teacher"], await LookUpAsync(server, me, all));
        Assert.Equal(["boss", "former", "mate", "me", "teacher"], await ListAsync(server, me));

        var staff = await server.SessionAsync(teacher);
        Assert.Equal(8, (await LookUpAsync(server, staff, all)).Count);
        Assert.Equal(8, (await ListAsync(server, staff)).Count);
    }

    [Theory, EachDatabase]
    public async Task People_are_paged_by_handle_and_filtered(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var staff = await server.SessionAsync("zoe", Role.Staff);
        foreach (var handle in new[] { "ann", "bob", "cat", "dan", "eve_1", "evex1" })
            await server.AddPersonAsync(handle, name: handle == "dan" ? "Ann 100% Younger" : null);

        Assert.Equal(["ann", "bob", "cat", "dan", "eve_1", "evex1", "zoe"], await ListAsync(server, staff, "take=2"));
        Assert.Equal(["ann", "dan"], await ListAsync(server, staff, "filter=ANN"));
        Assert.Equal(["eve_1"], await ListAsync(server, staff, "filter=e_1"));
        Assert.Equal(["dan"], await ListAsync(server, staff, "filter=0%25"));
        Assert.Empty(await ListAsync(server, staff, "filter=nobody"));
    }

    [Theory, EachDatabase]
    public async Task Attributes_are_searched_by_value_and_not_by_key(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var staff = await server.SessionAsync("zoe", Role.Staff);
        var ann = await server.AddPersonAsync("ann");
        await server.Database.WriteAsync(turn => turn.ExecuteAsync(
            "UPDATE account SET attributes = @Attributes WHERE id = @Id",
            new { ann.Id, Attributes = """{"roll-id":"R-4711"}""" }), Cancel);

        Assert.Equal(["ann"], await ListAsync(server, staff, "filter=r-47"));
        Assert.Empty(await ListAsync(server, staff, "filter=roll"));
    }

    [Fact]
    public async Task Deactivated_people_are_listed_for_administrators_only_but_known_by_id()
    {
        await using var server = await TestServer.StartAsync();
        var boss = await server.SessionAsync("boss", Role.Administrator);
        var gone = await server.AddPersonAsync("gone");
        await server.As(boss).PostAsync($"/api/v1/accounts/{gone.Id}/deactivate", null, Cancel);

        Assert.Equal(["boss"], await ListAsync(server, boss));
        Assert.Equal(["boss", "gone"], await ListAsync(server, boss, path: "accounts"));
        Assert.Equal(["gone"], await LookUpAsync(server, boss, gone.Id));
    }

    [Theory]
    [InlineData("take=0")]
    [InlineData("take=101")]
    [InlineData("take=x")]
    public async Task A_page_has_bounds(string query)
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.As(await server.SessionAsync("anna"));
        var answer = await client.GetAsync("/api/v1/people?" + query, Cancel);
        Assert.Equal(RefusalCode.Invalid, (await TestServer.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task A_look_up_names_at_most_100()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.As(await server.SessionAsync("anna"));
        var ids = Enumerable.Range(0, 101).Select(_ => new AccountId(Guid.NewGuid())).ToList();
        Assert.Equal(HttpStatusCode.OK, (await TestServer.PostAsync(
            client, "/api/v1/people/lookup", new GetPeopleRequest(ids[..100]))).StatusCode);
        var answer = await TestServer.PostAsync(client, "/api/v1/people/lookup", new GetPeopleRequest(ids));
        Assert.Equal(RefusalCode.Invalid, (await TestServer.ProblemAsync(answer)).Code);
    }

    private static async Task<List<string>> LookUpAsync(TestServer server, SignedIn session, params AccountId[] ids)
    {
        var people = await TestServer.ReadAsync<People>(
            await TestServer.PostAsync(server.As(session), "/api/v1/people/lookup", new GetPeopleRequest(ids)));
        return [.. people.Items.Select(person => person.Handle).Order(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> ListAsync(
        TestServer server, SignedIn session, string query = "", string path = "people")
    {
        List<string> handles = [];
        for (string? after = null; ;)
        {
            var page = await TestServer.ReadAsync<PeoplePage>(
                await server.As(session).GetAsync($"/api/v1/{path}?{query}&after={after}", Cancel));
            handles.AddRange(page.Items.Select(person => person.Handle));
            after = page.NextCursor;
            if (after is null)
                return handles;
        }
    }

    /// <summary>
    /// A group whose history begins with joining, written past its verbs: who, joined when, left when.
    /// </summary>
    private static Task<int> ShareAsync(TestServer server, params (Person Person, long Joined, long? Left)[] members) =>
        server.Database.WriteAsync(async turn =>
        {
            var id = new ConversationId(Guid.CreateVersion7());
            await turn.ExecuteAsync(
                """
                INSERT INTO conversation (id, kind, name, history, created_at)
                VALUES (@id, 'group', 'G', 'fromJoining', 0)
                """,
                new { id });
            foreach (var (person, joined, left) in members)
            {
                await turn.ExecuteAsync(
                    """
                    INSERT INTO membership (conversation_id, account_id, role, joined_at, joined_number, visible_after,
                                            left_at, changed_seq, account_seq)
                    VALUES (@id, @Person, 'member', @joined, 3, 3, @left, 1, 1)
                    """,
                    new { id, Person = person.Id, joined, left });
            }

            return members.Length;
        }, Cancel);
}
