using System.Net;
using System.Text.Json;
using Parley.Contract;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// The authorisation matrix (C6): every verb through both doors and every other route, asked by every role in every
/// standing, against <c>authorisation.txt</c>. Whoever adds a verb or a route adds its row, or this fails.
/// </summary>
public sealed class AuthorisationTests(AuthorisationTests.Server server) : IClassFixture<AuthorisationTests.Server>
{
    private static readonly Role[] Roles = [Role.Administrator, Role.Staff, Role.Member];

    private static readonly Standing[] Standings =
        [Standing.Own, Standing.Fellow, Standing.Other, Standing.Removed, Standing.Deactivated];

    private static readonly IReadOnlyDictionary<string, string[]> Table = Read();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Rows => [.. Table.Where(row => row.Value.Length > 1).Select(row => row.Key)];

    [Theory, MemberData(nameof(Rows))]
    public async Task WR5_Each_may_do_what_the_table_says_and_no_more(string row)
    {
        var found = new List<string>();
        foreach (var standing in Standings)
        {
            var verdicts = new List<string>();
            foreach (var role in Roles)
                verdicts.Add(await JudgeAsync(row, role, standing));
            found.Add(verdicts.Distinct().Count() == 1 ? verdicts[0] : string.Join('/', verdicts));
        }

        Assert.Equal(string.Join("  ", Table[row]), string.Join("  ", found));
    }

    /// <summary>Not there and not yours: one answer, to the letter (C5).</summary>
    [Theory, MemberData(nameof(Rows))]
    public async Task WR5_What_is_not_yours_reads_as_what_is_not_there(string row)
    {
        foreach (var role in Roles)
        {
            var theirs = await AskAsync(row, role, Standing.Other);
            if (theirs.Verdict == "notFound")
                Assert.Equal(await AskAsync(row, role, Standing.Nowhere), theirs);
        }
    }

    [Fact]
    public async Task Every_verb_and_every_route_has_its_row()
    {
        var routes = Route.AllOf(await server.StartedAsync());
        var verbs = Verbs.All.Select(verb => $"{verb.Method} {verb.Pattern}").ToHashSet();
        Assert.Equal(
            Verbs.All.Select(verb => verb.Name)
                .Concat(routes.Select(route => route.ToString()).Where(route => !verbs.Contains(route)))
                .Distinct().Order(),
            Table.Keys.Order());
        Assert.Equal(
            Table.Where(row => row.Value is ["public"]).Select(row => row.Key).Order(),
            routes.Where(route => route.IsAnonymous).Select(route => route.ToString()).Order());
    }

    /// <summary>A ticket opens the hub; nothing else does, whoever brings it.</summary>
    [Fact]
    public async Task AU5_Rows_of_the_ticket_take_no_access_token()
    {
        var started = await server.StartedAsync();
        var routes = Route.AllOf(started)
            .Where(route => Table.GetValueOrDefault(route.ToString()) is ["ticket"]).ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            foreach (var role in Roles)
            {
                var scene = await Scene.SetAsync(started, role, Standing.Own);
                using var client = started.As(scene.Caller);
                using var answer = await client.SendAsync(route.Request(), Cancel);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }
        }
    }

    private async Task<string> JudgeAsync(string row, Role role, Standing standing) =>
        (await AskAsync(row, role, standing)).Verdict;

    /// <summary>Verdict, and the answer without what differs by nature.</summary>
    private async Task<(string Verdict, string Answer)> AskAsync(string row, Role role, Standing standing)
    {
        var started = await server.StartedAsync();
        if (Requests.OfVerbs.TryGetValue(row, out var verb))
        {
            var answers = new List<(string, string)>();
            foreach (var kind in new[] { Door.Hub, Door.Http })
            {
                var scene = await Scene.SetAsync(started, role, standing);
                await using var door = await Door.OpenAsync(kind, started, scene.Caller);
                if (standing == Standing.Deactivated)
                {
                    await door.AskAsync(Verbs.People, new([])); // it is open, and good until now
                    await scene.DeactivateAsync(started);
                }

                var answer = await verb(door, scene);
                var verdict = answer.Refusal is { } no ? Word(no.Code) : Requests.Shows(row, scene, answer.Json);
                answers.Add((verdict, answer.Json));
            }

            Assert.Equal(answers[0].Item1, answers[1].Item1);
            return answers[0];
        }

        var set = await Scene.SetAsync(started, role, standing);
        if (standing == Standing.Deactivated)
            await set.DeactivateAsync(started);
        using var client = started.As(set.Caller);
        using var request = Requests.OfRoute(row, set);
        using var response = await client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        if (response.IsSuccessStatusCode)
            return (Requests.Shows(row, set, text), text);

        var problem = JsonSerializer.Deserialize<TestServer.Problem>(text, WireJson.Options)!;
        return (Word(problem.Code), (problem with { TraceId = "" }).ToString());
    }

    private static string Word(RefusalCode code) => JsonSerializer.Serialize(code, WireJson.Options).Trim('"');

    private static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(AuthorisationTests).Assembly.GetManifestResourceStream("authorisation.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[0], cells => cells[1..]);
    }

    /// <summary>One server for the whole table; each cell has people of its own.</summary>
    public sealed class Server : IAsyncDisposable
    {
        private TestServer? _server;

        internal async Task<TestServer> StartedAsync() => _server ??= await TestServer.StartAsync(
            settings: new() { ["RateLimits:IsOff"] = "true" });

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
    }
}
