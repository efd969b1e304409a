using System.Text.Json;
using System.Text.RegularExpressions;
using Parley.Contract;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// Where a script is played: people who act through one kind of door, each with a second device that only listens. When
/// the script has ended, what every listener holds must equal what a fresh device is told; no script can leave it out.
/// </summary>
internal sealed partial class Stage
{
    private readonly string _name;
    private readonly string _door;
    private readonly TestServer _server;
    private readonly List<Actor> _actors = [];
    private readonly List<string> _transcript = [];

    private Stage(string name, string door, TestServer server) => (_name, _door, _server) = (name, door, server);

    public SeededChance Chance => (SeededChance)_server.Get<Kernel.IChance>();

    /// <summary>Plays it, and answers every request and answer as it was written.</summary>
    public static async Task<IReadOnlyList<string>> PlayAsync(
        string name, Func<Stage, Task> script, string door, TestServer server)
    {
        var stage = new Stage(name, door, server);
        stage.Chance.Restart(name);
        try
        {
            await script(stage);
            foreach (var actor in stage._actors)
                await actor.Watcher.EqualsFreshAsync();
            return stage._transcript;
        }
        finally
        {
            foreach (var actor in stage._actors)
                await actor.DisposeAsync();
        }
    }

    public async Task<Actor> EnterAsync(string handle, Role role = Role.Staff)
    {
        var person = await _server.AddPersonAsync($"{handle}-{_name}".ToLowerInvariant(), role);
        var session = await _server.SessionAsync(person);
        var actor = new Actor(
            person, await Door.OpenAsync(_door, _server, session), await Watcher.StartAsync(_server, session), Note);
        _actors.Add(actor);
        return actor;
    }

    /// <summary>Two people and what they talk in.</summary>
    public async Task<(Actor Anna, Actor Ben, ConversationId Direct)> PairAsync(Role role = Role.Staff)
    {
        var (anna, ben) = (await EnterAsync("anna"), await EnterAsync("ben", role));
        var direct = await anna.DoAsync(Verbs.OpenDirect, new(ben.Id));
        return (anna, ben, direct.Conversation.Id);
    }

    /// <summary>An owner, a member, and somebody outside.</summary>
    public async Task<(Actor Owner, Actor Member, Actor Stranger, ConversationId Group)> GroupAsync(
        HistoryPolicy? history = null)
    {
        var (owner, member) = (await EnterAsync("owner"), await EnterAsync("member", Role.Member));
        var stranger = await EnterAsync("stranger", Role.Member);
        var id = new ConversationId(NewId());
        await owner.DoAsync(Verbs.CreateGroup, new(id, "Choir", [member.Id], history));
        return (owner, member, stranger, id);
    }

    public async Task<MessageSent> SayAsync(Actor actor, ConversationId conversation, string body) =>
        await actor.DoAsync(Verbs.Send, new(new(NewId()), conversation, body));

    public Guid NewId() => Chance.NewId(default);

    private void Note(string line) => _transcript.Add(Epoch().Replace(line, "\"epoch\":\"…\""));

    [GeneratedRegex("\"epoch\":\"[0-9a-f]{32}\"")]
    private static partial Regex Epoch();
}

/// <summary>Somebody on a stage.</summary>
internal sealed class Actor(Person person, Door door, Watcher watcher, Action<string> note) : IAsyncDisposable
{
    public AccountId Id => person.Id;

    public Person Person => person;

    public Watcher Watcher => watcher;

    /// <summary>Asks for what must be granted.</summary>
    public async Task<TAnswer> DoAsync<TRequest, TAnswer>(Verb<TRequest, TAnswer> verb, TRequest request)
        where TAnswer : class
    {
        var answer = await AskAsync(verb, request);
        Assert.True(answer.Value is not null, $"{verb} {request}: {answer.Json}");
        return answer.Value;
    }

    /// <summary>Asks for what must be refused.</summary>
    public async Task RefusedAsync<TRequest, TAnswer>(
        RefusalCode code, Verb<TRequest, TAnswer> verb, TRequest request) where TAnswer : class
    {
        var answer = await AskAsync(verb, request);
        Assert.True(answer.Refusal?.Code == code, $"{verb} {request}: {answer.Json} instead of {code}");
        Assert.NotEmpty(answer.Refusal.Detail);
    }

    public async ValueTask DisposeAsync()
    {
        await door.DisposeAsync();
        await watcher.DisposeAsync();
    }

    private async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(Verb<TRequest, TAnswer> verb, TRequest request)
        where TAnswer : class
    {
        var answer = await door.AskAsync(verb, request);
        note($"{person.Handle} {verb} {JsonSerializer.Serialize(request, WireJson.Options)} → {answer.Json}");
        return answer;
    }
}
