using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Expiry;
using Parley.Server.Kernel;
using Parley.Server.Outbox;
using Parley.Server.Storage;
using Parley.Server.Sync;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Servers;

namespace Parley.Server.Tests.Storage;

/// <summary>
/// No statement reads a table that grows from end to end. The statements are not listed here: the server is made to do
/// everything it can, and each statement it runs is judged.
/// </summary>
public sealed class QueryPlanTests
{
    /// <summary>Tables that grow with use, and what a search in them must be by at the least.</summary>
    private static readonly Dictionary<string, string[]> Growing = new()
    {
        ["message"] = ["id", "row", "conversation_id number", "conversation_id changed_seq"],
        ["receipt_advance"] = ["conversation_id account_id kind"],
        ["membership"] = ["conversation_id", "account_id"],
        ["conversation"] = ["id", "pair"],
        ["account"] = ["id", "handle"],
        ["device"] = ["id", "account_id"],
        ["notice"] = ["account_id"],
        ["outbox"] = ["id", "due_at", "kind subject"],
        ["session_change"] = ["seq"],
        ["sign_in_failure"] = ["handle", "since"],
        ["reset_link"] = ["token_hash", "account_id"],
    };

    /// <summary>Statements that read a whole table, and why they may.</summary>
    private static readonly Dictionary<string, string> Whole = new()
    {
        ["DELETE FROM session_change"] = "holds a week of sessions that ended",
        ["SELECT p.id\nFROM account p\nWHERE p.role ="] = "when an administrator takes an administrator's rights",
        ["SELECT id, kind, subject, due_at"] = "an operator asks what waits",
        ["UPDATE outbox\nSET due_at ="] = "what waits, looked through for what a clock that jumped left behind",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Every_statement_finds_what_it_needs_by_an_index(string database)
    {
        await using var server = await TestServer.StartAsync(
            database == Databases.Sqlite ? database : await PostgresAsync(),
            new() { ["RateLimits:IsOff"] = "true" }, Record);
        await DoEverythingAsync(server);

        var plans = (RecordedPlans)server.Database;
        var accesses = await plans.AllAsync(Cancel);

        Assert.InRange(accesses.Select(access => access.Sql).Distinct().Count(), 60, 1_000); // it has listened
        Assert.Empty(Growing.Keys.Except(accesses.Select(access => access.Table)));
        var isLong = accesses.Where(IsLong).Select(access => $"{access.Step}\n{access.Sql}\n\n").ToList();
        if (isLong.Count > 0)
            Assert.Fail(string.Concat(isLong));
    }

    private static bool IsLong(Access access) =>
        Growing.TryGetValue(access.Table, out var ways)
        && !Whole.Keys.Any(known => access.Sql.StartsWith(known, StringComparison.Ordinal))
        && !ways.Any(way => way.Split(' ').All(column =>
            access.By is { } by && System.Text.RegularExpressions.Regex.IsMatch(by, $@"\b(rowid|{column})\b")));

    private static void Record(WebApplicationBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IChance>(new SeededChance()));
        var real = builder.Services.Single(service => service.ServiceType == typeof(IDatabase));
        builder.Services.Replace(ServiceDescriptor.Singleton<IDatabase>(
            provider => new RecordedPlans((IDatabase)real.ImplementationFactory!(provider))));
    }

    private static async Task<string> PostgresAsync()
    {
        var made = await (await PostgresServer.SharedAsync()).CreateAsync(Cancel);
        return $"{made.ConnectionString};Options='{RecordedPlans.PostgresOptions}'";
    }

    private static async Task DoEverythingAsync(TestServer server)
    {
        foreach (var (verb, script) in Scripts.All)
            await Stage.PlayAsync(verb, script, Door.Http, server);

        ((SeededChance)server.Get<IChance>()).Restart("everything");
        await AskEveryRouteAsync(server);
        await SignInAsync(server);
        await ReadInALargeGroupAsync(server);
        var anna = await server.SessionAsync("anna");
        await server.Get<Heads>().HeartbeatAsync(anna.Me.Id, Cancel);
        server.Clock.Advance(TimeSpan.FromDays(8));
        await server.Get<SweepMessages>().RunAsync(Cancel);
        await server.Get<RunDueEntries>().DrainAsync(null, Cancel);
        await server.Get<RunDueEntries>().RecoverAsync(Cancel);
        await server.Get<ListEntries>().RunAsync(10, Cancel);
    }

    private static async Task AskEveryRouteAsync(TestServer server)
    {
        var verbs = Verbs.All.Select(verb => $"{verb.Method} {verb.Pattern}").ToHashSet();
        foreach (var route in Route.AllOf(server))
        {
            var isOfApi = route.Pattern.StartsWith(Wire.ApiPath, StringComparison.Ordinal);
            if (verbs.Contains($"{route}") || route.IsAnonymous || !isOfApi)
                continue;

            foreach (var role in Enum.GetValues<Role>())
            {
                var scene = await Scene.SetAsync(server, role, Standing.Fellow);
                using var client = server.As(scene.Caller);
                using var answer = await client.SendAsync(Requests.OfRoute(route.ToString(), scene), Cancel);
            }
        }
    }

    private static async Task SignInAsync(TestServer server)
    {
        await server.AddPersonAsync("carl");
        (await server.TrySignInAsync("carl", "not the password")).Dispose();
        var session = await server.SignInAsync("carl");
        using var refreshed = await TestServer.PostAsync(
            server.Http, "/api/v1/auth/refresh", new RefreshRequest(session.RefreshToken));
        using var reset = await TestServer.PostAsync(
            server.Http, "/api/v1/auth/reset", new UseResetLinkRequest("no such link", "four other words instead"));
    }

    /// <summary>Where receipts go only to those concerned.</summary>
    private static async Task ReadInALargeGroupAsync(TestServer server)
    {
        var owner = await server.SessionAsync("owner", Role.Staff);
        var members = new List<AccountId>();
        for (var i = 0; i <= Limits.ReceiptsToAllMembersMax; i++)
            members.Add((await server.AddPersonAsync($"large{i}", Role.Staff)).Id);
        await using var door = new HttpDoor(server.As(owner));
        var made = await door.AskAsync(Verbs.CreateGroup, new(new(Guid.NewGuid()), "Large", members, null));
        await door.AskAsync(Verbs.Send, new(new(Guid.NewGuid()), made.Value!.Conversation.Id, "hello"));
        await door.AskAsync(Verbs.AdvanceReceipts, new(made.Value.Conversation.Id, 1, 1));
        await door.AskAsync(Verbs.Sync, new(null, 1, [new(made.Value.Conversation.Id, 1, 0)]));
    }
}
