using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Receipts;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Properties;

/// <summary>What four people do in a group, drawn at random, and what must have come of it. The last of them comes and
/// goes; the others stay.</summary>
internal sealed class Story : IAsyncDisposable
{
    private readonly EngineWorld _world;

    private Story(EngineWorld world, Caller[] people, ConversationSnapshot group) =>
        (_world, People, Group, Members) = (world, people, group, [.. people.Select(person => person.AccountId)]);

    public static Gen<Act[]> Acts { get; } = (
        from kind in Gen.Choose(0, 11)
        from who in Gen.Choose(0, 3)
        from what in Gen.Choose(0, 20)
        select new Act(kind, who, what)).ArrayOf();

    public EngineWorld World => _world;

    public Caller[] People { get; }

    public ConversationSnapshot Group { get; }

    public HashSet<AccountId> Members { get; }

    /// <summary>Every accepted message with its body, in the order sent.</summary>
    public List<(SendMessageRequest Request, Caller Author, MessageSent Sent)> Sent { get; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Story> BeginAsync()
    {
        var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var people = new Caller[4];
        for (var i = 0; i < people.Length; i++)
            people[i] = await world.PersonAsync();
        return new(world, people, await world.GroupAsync(people[0], people[1..]));
    }

    public async Task PlayAsync(IEnumerable<Act> acts)
    {
        foreach (var act in acts)
            await DoAsync(act);
    }

    public async Task DoAsync(Act act)
    {
        var (who, id) = (People[act.Who], Group.Conversation.Id);
        switch (act.Kind)
        {
            case < 5:
                await SayAsync(who, $"{act.Who} says {Sent.Count}");
                break;
            case 5 or 6 when Sent.Count > 0:
                await RepeatAsync(Sent[act.What % Sent.Count]);
                break;
            case 7 when Sent.Count > 0:
                await _world.Get<EditMessage>().RunAsync(
                    who, new(id, Sent[act.What % Sent.Count].Request.Id, $"edit {act.What}", null), Cancel);
                break;
            case 8 when Sent.Count > 0:
                await _world.Get<RemoveMessage>().RunAsync(
                    who, new(id, Sent[act.What % Sent.Count].Request.Id), Cancel);
                break;
            case 9:
                await _world.Get<AdvanceReceipts>().RunAsync(who, new(id, act.What, act.What / 2));
                break;
            case 10:
                await ComeOrGoAsync(People[3].AccountId);
                break;
            case 11:
                await _world.Get<RenameGroup>().RunAsync(People[0], new(id, $"Group {act.What}"), Cancel);
                break;
        }
    }

    /// <summary>The messages on disk, as the owner sees them.</summary>
    public async Task<IReadOnlyList<Message>> StoredAsync()
    {
        var page = EngineWorld.Expect(await _world.Get<GetHistory>().RunAsync(
            People[0], new(Group.Conversation.Id, HistoryDirection.After, 0, Limits.PageCountMax), Cancel));
        Assert.False(page.HasAfter);
        return page.Items;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task SayAsync(Caller who, string body)
    {
        var request = new SendMessageRequest(new(Guid.CreateVersion7()), Group.Conversation.Id, body);
        var answer = await _world.Get<SendMessage>().RunAsync(who, request);
        Assert.Equal(Members.Contains(who.AccountId), answer.Value is not null);
        if (answer.Value is { } sent)
            Sent.Add((request, who, sent));
    }

    private async Task RepeatAsync((SendMessageRequest Request, Caller Author, MessageSent Sent) first)
    {
        var send = _world.Get<SendMessage>();
        Assert.Equal(first.Sent, (await send.RunAsync(first.Author, first.Request)).Value);
        var changed = await send.RunAsync(first.Author, first.Request with { Body = first.Request.Body + "!" });
        var foreign = await send.RunAsync(People.First(person => person != first.Author), first.Request);
        Assert.Equal(RefusalCode.IdTaken, changed.Refusal?.Code);
        Assert.Equal(RefusalCode.IdTaken, foreign.Refusal?.Code);
    }

    private async Task ComeOrGoAsync(AccountId whom)
    {
        if (Members.Remove(whom))
        {
            EngineWorld.Expect(await _world.Get<RemoveMember>().RunAsync(
                People[0], new(Group.Conversation.Id, whom), Cancel));
            return;
        }

        Members.Add(whom);
        EngineWorld.Expect(await _world.Get<AddMembers>().RunAsync(
            People[0], new(Group.Conversation.Id, [whom]), Cancel));
    }
}

/// <summary>One thing somebody does.</summary>
internal readonly record struct Act(int Kind, int Who, int What);
