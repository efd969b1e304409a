using System.Net;
using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Host;

public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> Tight = new()
    {
        ["RateLimits:PersonBurst"] = "5",
        ["RateLimits:PersonPerSecond"] = "0.5",
        ["RateLimits:AddressBurst"] = "4",
        ["RateLimits:AddressPerSecond"] = "0.1",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WR6_A_person_who_asks_too_often_waits_as_long_as_it_says_and_others_do_not()
    {
        await using var server = await TestServer.StartAsync(settings: Tight);
        using var anna = server.As(await server.SessionAsync("anna"));
        using var ben = server.As(await server.SessionAsync("ben"));
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await anna.GetAsync("/api/v1/me", Cancel)).StatusCode);

        using var refused = await anna.GetAsync("/api/v1/me", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("2", refused.Headers.RetryAfter?.ToString());
        Assert.Equal(RefusalCode.TooManyRequests, (await TestServer.ProblemAsync(refused)).Code);
        Assert.Equal(HttpStatusCode.OK, (await ben.GetAsync("/api/v1/me", Cancel)).StatusCode);

        server.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await anna.GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Fact]
    public async Task WR6_All_devices_of_a_person_share_one_limit()
    {
        await using var server = await TestServer.StartAsync(settings: Tight);
        var anna = await server.AddPersonAsync("anna");
        using var phone = server.As(await server.SessionAsync(anna));
        using var laptop = server.As(await server.SessionAsync(anna));
        for (var i = 0; i < 5; i++)
            await phone.GetAsync("/api/v1/me", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await laptop.GetAsync("/api/v1/me", Cancel)).StatusCode);
    }

    [Fact]
    public async Task WR6_Guessing_tokens_costs_the_address()
    {
        await using var server = await TestServer.StartAsync(settings: Tight);
        using var client = server.As("guess");
        for (var i = 0; i < 4; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/api/v1/me", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.TrySignInAsync("anna")).StatusCode);
    }

    [Fact]
    public async Task A_forwarded_address_counts_only_from_a_trusted_proxy()
    {
        await using var distrustful = await TestServer.StartAsync(settings: Tight);
        Assert.Equal(1, await RefusedAsync(distrustful));
        await using var trusting = await TestServer.StartAsync(
            settings: new(Tight) { ["Host:TrustedProxies:0"] = "127.0.0.0/8" });
        Assert.Equal(0, await RefusedAsync(trusting));

        static async Task<int> RefusedAsync(TestServer server)
        {
            var refused = 0;
            for (var i = 0; i < 5; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
                request.Headers.Add("X-Forwarded-For", $"192.0.2.{i}");
                using var answer = await server.Http.SendAsync(request, Cancel);
                refused += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
            }

            return refused;
        }
    }

    [Fact]
    public void An_IPv6_customer_is_one_address()
    {
        var limits = Limits(new() { AddressBurst = 2, AddressPerSecond = 1 });
        Assert.Null(limits.TryTake(IPAddress.Parse("2001:db8:1:2::1")));
        Assert.Null(limits.TryTake(IPAddress.Parse("2001:db8:1:2:3:4:5:6")));
        Assert.NotNull(limits.TryTake(IPAddress.Parse("2001:db8:1:2::7")));
        Assert.Null(limits.TryTake(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void A_call_that_costs_more_than_a_burst_is_not_refused_for_ever()
    {
        var clock = new FakeClock();
        var limits = Limits(new() { PersonBurst = 10, PersonPerSecond = 1 }, clock);
        var caller = new Caller(new(Guid.NewGuid()), new(Guid.NewGuid()), Role.Member);
        Assert.Null(limits.TryTake(caller, 1000));
        Assert.Equal(10, limits.TryTake(caller, 1000)?.RetryAfterSeconds);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(limits.TryTake(caller, 1000));
    }

    private static RateLimits Limits(RateLimitOptions options, FakeClock? clock = null) =>
        new(Options.Create(options), clock ?? new());
}
