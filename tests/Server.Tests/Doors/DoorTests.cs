using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// Every verb, through both doors, on both databases: two servers play the same script and are compared.
/// </summary>
public sealed class DoorTests(DoorTests.Servers servers) : IClassFixture<DoorTests.Servers>
{
    public static TheoryData<string, string> EveryVerb
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var verb in Scripts.All.Keys)
            {
                data.Add(verb, Databases.Sqlite);
                data.Add(verb, Databases.Postgres);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(EveryVerb))]
    public async Task WR1_A_verb_answers_the_same_through_both_doors(string verb, string database)
    {
        var transcripts = new List<IReadOnlyList<string>>();
        foreach (var door in new[] { Door.Hub, Door.Http })
        {
            var server = await servers.OfAsync(database, door);
            transcripts.Add(await Stage.PlayAsync(verb, Scripts.All[verb], door, server));
        }

        Assert.NotEmpty(transcripts[0]);
        Assert.Equal(transcripts[0], transcripts[1]);
    }

    [Fact]
    public void WR1_Every_verb_has_a_script() =>
        Assert.Equal(typeof(IParleyHub).GetMethods().Select(method => method.Name).Order(), Scripts.All.Keys.Order());

    /// <summary>A server for each door and database; each verb has people of its own.</summary>
    public sealed class Servers : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<(string, string), Task<TestServer>> _started = new();

        internal Task<TestServer> OfAsync(string database, string door) => _started.GetOrAdd(
            (database, door), _ => TestServer.StartAsync(
                database, new() { ["RateLimits:IsOff"] = "true" },
                builder => builder.Services.Replace(ServiceDescriptor.Singleton<IChance>(new SeededChance()))));

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _started.Values)
                await (await server).DisposeAsync();
        }
    }
}
