using System.Diagnostics;
using System.Net;
using Parley.Contract;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Accounts;

public sealed class SignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_person_signs_in_and_is_who_they_are(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var person = await server.AddPersonAsync("anna.k", Role.Staff);

        var session = await server.SignInAsync(" Anna.K ", device: "Phone");

        Assert.Equal(person, session.Me with { Attributes = person.Attributes });
        Assert.Equal(900, session.AccessTokenSeconds);
        var me = await TestServer.ReadAsync<MyAccount>(await server.As(session).GetAsync("/api/v1/me", Cancel));
        Assert.Equal((person.Id, session.DeviceId), (me.Person.Id, me.DeviceId));
        Assert.Equal(new(PresenceChoice.Auto, true, true), me.Settings);
    }

    [Theory, EachDatabase]
    public async Task AU1_Unknown_wrong_and_deactivated_are_answered_alike(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await server.AddPersonAsync("real");
        var gone = await server.AddPersonAsync("gone");
        using var admin = server.As(await server.SessionAsync("boss", Role.Administrator));
        await TestServer.ReadAsync<Person>(
            await admin.PostAsync($"/api/v1/accounts/{gone.Id}/deactivate", null, Cancel));

        var answers = new List<(HttpStatusCode, string, string)>();
        (string, string)[] tries = [("nobody", "x"), ("real", "wrong"), ("gone", TestServer.Password), ("!", "x")];
        foreach (var (handle, password) in tries)
        {
            var answer = await server.TrySignInAsync(handle, password);
            var headers = string.Join(',', answer.Headers.Select(header => header.Key).Order());
            var problem = await TestServer.ProblemAsync(answer);
            answers.Add((answer.StatusCode, headers, (problem with { TraceId = "" }).ToString()));
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.Unauthorized, answers[0].Item1);
        Assert.Contains(nameof(RefusalCode.WrongCredentials), answers[0].Item3, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AU1_An_unknown_handle_costs_the_same_time_as_a_wrong_password()
    {
        await using var server = await TestServer.StartAsync();
        List<TimeSpan> unknown = [], wrong = [];
        for (var i = 0; i < 8; i++)
        {
            await server.AddPersonAsync("known" + i);
            unknown.Add(await TimeAsync(server, "unknown" + i));
            wrong.Add(await TimeAsync(server, "known" + i));
        }

        // Without the equal work the answer takes a tenth of it. Medians, because the machine does other things too.
        var ratio = Median(unknown) / Median(wrong);
        Assert.InRange(ratio, 0.6, 1.7);
    }

    [Theory]
    [InlineData("sqlite", "real")]
    [InlineData("sqlite", "nobody")]
    [InlineData("postgres", "real")]
    [InlineData("postgres", "nobody")]
    public async Task AU1_Ten_failures_lock_a_handle_whether_it_exists_or_not(string database, string handle)
    {
        await using var server = await TestServer.StartAsync(database);
        await server.AddPersonAsync("real");
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.TrySignInAsync(handle, "wrong")).StatusCode);

        var locked = await server.TrySignInAsync(handle);
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.Equal("900", locked.Headers.RetryAfter?.ToString());
        var problem = await TestServer.ProblemAsync(locked);
        Assert.Equal((RefusalCode.LockedOut, 900), (problem.Code, problem.RetryAfterSeconds));

        server.Clock.Advance(TimeSpan.FromMinutes(15));
        var code = (await server.TrySignInAsync(handle)).StatusCode;
        Assert.Equal(handle == "real" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, code);
    }

    [Fact]
    public async Task AU1_Guesses_at_the_same_time_do_not_outrun_the_count()
    {
        await using var server = await TestServer.StartAsync(settings: new() { ["Accounts:HashesAtOnce"] = "4" });
        await server.AddPersonAsync("real");

        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => server.TrySignInAsync("real", "wrong")));

        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(15, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task AU1_A_success_forgets_the_failures_before_it()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddPersonAsync("real");
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 9; i++)
                await server.TrySignInAsync("real", "wrong");
            await server.SignInAsync("real");
        }
    }

    [Fact]
    public async Task AU1_What_is_kept_of_failures_is_cleared_away()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 5; i++)
            await server.TrySignInAsync("nobody" + i);
        server.Clock.Advance(TimeSpan.FromMinutes(16));
        await server.TrySignInAsync("somebody");

        var kept = await server.Database.ReadAsync(
            view => view.QueryAsync<string>("SELECT handle FROM sign_in_failure"), Cancel);
        Assert.Equal(["somebody"], kept);
    }

    [Fact]
    public async Task A_storm_of_sign_ins_is_refused_instead_of_queued_without_end()
    {
        await using var server = await TestServer.StartAsync(settings: new()
        {
            ["Accounts:HashesAtOnce"] = "1",
            ["Accounts:HashQueueMax"] = "3",
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => server.TrySignInAsync("somebody" + i)));

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(refused);
        Assert.Equal(RefusalCode.Overloaded, (await TestServer.ProblemAsync(refused[0])).Code);
    }

    [Fact]
    public async Task The_name_of_a_device_has_bounds()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await server.TrySignInAsync("anna", device: new string('x', 101));
        Assert.Equal(RefusalCode.Invalid, (await TestServer.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task A_password_is_stored_as_a_slow_hash()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddPersonAsync("anna");
        var hash = await server.Database.ReadAsync(
            view => view.SingleAsync<string>("SELECT password_hash FROM account"), Cancel);

        // Identity's third format: marker, HMAC-SHA-512, iterations.
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal([1, 0, 0, 0, 2], bytes[..5]);
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5)) >= 100_000);
    }

    private static async Task<TimeSpan> TimeAsync(TestServer server, string handle)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await server.TrySignInAsync(handle, "wrong");
        return watch.Elapsed;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
