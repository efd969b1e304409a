using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Accounts;

/// <summary>
/// Honest tabs that share one refresh token and lose answers, and a thief who copies it, in any order. Honest tabs
/// refresh before their access token expires, and try again within the grace while an answer is lost.
/// </summary>
public sealed class RefreshModelTests
{
    private static readonly TimeSpan AccessLife = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AU3_Lost_answers_and_many_tabs_never_log_an_honest_person_out()
    {
        await using var server = await TestServer.StartAsync();
        Check(server, Gen.OneOf(Refreshes(), Waits()), async (model, steps) =>
        {
            foreach (var step in steps)
                await model.DoAsync(step);
            Assert.False(model.IsLoggedOut);
        });
    }

    [Fact]
    public async Task AU3_A_thief_never_keeps_access_past_the_life_of_an_access_token()
    {
        await using var server = await TestServer.StartAsync();
        var kinds = Gen.Frequency(
            (3, Refreshes()),
            (3, Waits()),
            (2, Gen.Constant(new Step(Kind.Steal))),
            (3, Gen.Constant(new Step(Kind.Thieve))));
        var splits = 0;
        Check(server, kinds, async (model, steps) =>
        {
            foreach (var step in steps)
            {
                await model.DoAsync(step);
                if (model.SplitAt is not { } splitAt)
                    continue;

                splits++;
                if (server.Clock.GetUtcNow() - splitAt > AccessLife)
                    Assert.False(await model.ThiefHasAccessAsync());
            }
        });
        Assert.True(splits > 20, "The model hardly ever let the thief use what was stolen.");
    }

    private static Gen<Step> Refreshes() =>
        Gen.Choose(1, 4).SelectMany(tabs => Gen.Choose(0, 3).Select(lost => new Step(Kind.Refresh, tabs, lost)));

    private static Gen<Step> Waits() =>
        Gen.OneOf(Gen.Choose(1, 15), Gen.Choose(60, 1500)).Select(seconds => new Step(Kind.Wait, seconds));

    private static void Check(TestServer server, Gen<Step> step, Func<Model, IReadOnlyList<Step>, Task> run)
    {
        var person = 0;
        var property = Prop.ForAll(step.ListOf().ToArbitrary(), steps => Task.Run(async () =>
        {
            var session = await server.SessionAsync($"person{person++}");
            await run(new Model(server, session), [.. steps]);
        }, Cancel).GetAwaiter().GetResult());
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(80).WithEndSize(25), property);
    }

    private enum Kind
    {
        Refresh,
        Wait,
        Steal,
        Thieve,
    }

    private sealed record Step(Kind Kind, int Count = 0, int Lost = 0);

    private sealed class Model(TestServer server, SignedIn session)
    {
        private readonly Dictionary<string, DateTimeOffset> _firstUsed = [];
        private string _honest = session.RefreshToken;
        private string? _thief;
        private bool _hasThieved;
        private DateTimeOffset _refreshedAt = server.Clock.GetUtcNow();

        public bool IsLoggedOut { get; private set; }

        /// <summary>
        /// Since when the thief goes on with tokens that honest tabs do not have; null while they do.
        /// </summary>
        public DateTimeOffset? SplitAt { get; private set; }

        public async Task DoAsync(Step step)
        {
            switch (step.Kind)
            {
                case Kind.Refresh:
                    await RefreshAsync(step.Count, step.Lost);
                    break;
                case Kind.Wait:
                    await WaitAsync(TimeSpan.FromSeconds(step.Count));
                    break;
                case Kind.Steal when !_hasThieved:
                    _thief = _honest;
                    break;
                case Kind.Thieve when _thief is not null:
                    await ThieveAsync(_thief);
                    break;
            }
        }

        public async Task<bool> ThiefHasAccessAsync() =>
            await server.Get<Sessions>().CheckAsync(session.Me.Id, session.DeviceId, Cancel) is not null;

        /// <summary>Time passes, but honest tabs do not let their access token expire.</summary>
        private async Task WaitAsync(TimeSpan time)
        {
            var end = server.Clock.GetUtcNow() + time;
            while (end - _refreshedAt >= AccessLife && !IsLoggedOut)
            {
                var next = _refreshedAt + AccessLife;
                if (next > server.Clock.GetUtcNow())
                    server.Clock.Advance(next - server.Clock.GetUtcNow());
                await RefreshAsync(tabs: 1, lost: 0);
            }

            if (end > server.Clock.GetUtcNow())
                server.Clock.Advance(end - server.Clock.GetUtcNow());
        }

        private async Task RefreshAsync(int tabs, int lost)
        {
            if (IsLoggedOut)
                return;

            var token = _honest;
            for (var i = 0; i < lost; i++)
            {
                await TradeAsync(token);
                server.Clock.Advance(TimeSpan.FromSeconds(3));
            }

            for (var tab = 0; tab < tabs; tab++)
            {
                if (await TradeAsync(token) is { } answer)
                    _honest = answer;
                else
                    IsLoggedOut = true;
            }

            _refreshedAt = server.Clock.GetUtcNow();
            if (_honest == _thief)
                SplitAt = null;
        }

        private async Task ThieveAsync(string token)
        {
            _hasThieved = true;
            if (await TradeAsync(token) is not { } answer)
                return;

            _thief = answer;
            SplitAt = answer == _honest ? null : SplitAt ?? server.Clock.GetUtcNow();
        }

        private async Task<string?> TradeAsync(string token)
        {
            var now = server.Clock.GetUtcNow();
            var answer = (await server.Get<Refresh>().RunAsync(new(token), Cancel)).Value?.RefreshToken;
            if (_firstUsed.TryGetValue(token, out var at) && now - at > Grace)
            {
                // Whoever comes second with a token, and late: it works for neither any more.
                Assert.Null(answer);
                Assert.False(await ThiefHasAccessAsync());
            }
            else if (answer is not null)
            {
                _firstUsed.TryAdd(token, now);
            }

            return answer;
        }
    }
}
