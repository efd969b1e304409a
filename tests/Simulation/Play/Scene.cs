using Parley.Client;
using Parley.Contract;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Simulation.Devices;

namespace Parley.Simulation.Play;

/// <summary>
/// What people do while the weather rages: write, edit, remove, read, type, bring others in and put them out. Drawn
/// from the seed, one act at a time.
/// </summary>
internal sealed class Scene(World world)
{
    private readonly List<AccountId> _people = [];

    private Weather Weather => world.Weather;

    /// <summary>People, their devices, groups and directs.</summary>
    public void Set()
    {
        var count = 3 + Weather.Next(4);
        for (var i = 0; i < count; i++)
            AddPerson((char)('a' + i));

        for (var i = 0; i <= Weather.Next(2); i++)
        {
            var owner = Phones(_people[i])[0].Caller(null);
            var others = _people.Where(person => person != owner.AccountId && Weather.Chance(0.8)).ToList();
            var history = Weather.Chance(0.4) ? HistoryPolicy.All : HistoryPolicy.FromJoining;
            world.Do(server => server.Get<CreateGroup>().RunAsync(
                owner, new(new(world.NewId()), "Group", others, history), default));
        }

        for (var i = 1; i <= 1 + Weather.Next(2); i++)
        {
            var with = _people[i];
            var opener = Phones(_people[0])[0].Caller(null);
            world.Do(server => server.Get<OpenDirect>().RunAsync(opener, new(with), default));
        }

        foreach (var phone in world.Phones)
            world.Time.After(Weather.Between(0, 3), phone.Start);
    }

    /// <summary>One act after the other until it is time to rest.</summary>
    public void Play(TimeSpan until)
    {
        world.Time.After(Weather.Between(0.01, 0.3), () =>
        {
            if (world.Time.Now >= until)
                return;

            if (world.Phones.Where(phone => phone.Client is not null).ToList() is { Count: > 0 } running)
                Act(Weather.Pick(running));
            Play(until);
        });
    }

    private void Act(Phone phone)
    {
        var client = phone.Client!; // Only asked of those that run.
        if (client.State.Conversations.Count == 0)
            return;

        var state = Weather.Pick(client.State.Conversations.Values.OrderBy(each => each.Id.Value).ToList());
        world.Trace($"{phone.Name} acts in {state.Id}");
        switch (Weather.Next(100))
        {
            case < 50:
                phone.Say(state.Id);
                break;
            case < 60:
                Forgive(client.TypingAsync(state.Id, Weather.Chance(0.8)));
                break;
            case < 74:
                Forgive(client.MarkReadAsync(state.Id, state.HeadNumber - Weather.Next(3)));
                break;
            case < 80:
                Edit(client, state, phone);
                break;
            case < 85:
                Remove(client, state);
                break;
            case < 97:
                ChangeMembers(client, state);
                break;
            case < 99:
                Forgive(client.HistoryAsync(state.Id));
                break;
            default:
                Forgive(client.RenameGroupAsync(state.Id, "Group " + Weather.Next(100)));
                break;
        }
    }

    private void Edit(ParleyClient client, ConversationState state, Phone phone)
    {
        var own = state.Messages.Values.Where(message => message.AuthorId == client.Me).TakeLast(5).ToList();
        if (own.Count > 0)
            Forgive(client.EditAsync(Weather.Pick(own), $"{phone.Name} edited {Weather.Next(1_000)}"));
    }

    private void Remove(ParleyClient client, ConversationState state)
    {
        var some = state.Messages.Values.TakeLast(10).ToList();
        if (some.Count > 0)
            Forgive(client.RemoveAsync(state.Id, Weather.Pick(some).Id));
    }

    private void ChangeMembers(ParleyClient client, ConversationState state)
    {
        var whom = Weather.Pick(_people);
        if (state.Conversation.Kind == ConversationKind.Direct || whom == client.Me)
            return;

        var isIn = state.Memberships.GetValueOrDefault(whom) is { LeftAt: null };
        Forgive(isIn ? client.RemoveMemberAsync(state.Id, whom) : client.AddMembersAsync(state.Id, [whom]));
    }

    /// <summary>A "no" and a lost answer are part of life.</summary>
    private static async void Forgive(Task act)
    {
        try
        {
            await act.ConfigureAwait(false);
        }
        catch (Exception error) when (error is ParleyRefusalException or ParleyUnreachableException
            or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private void AddPerson(char name)
    {
        var id = new AccountId(world.NewId());
        _people.Add(id);
        world.Server!.Database.WriteAsync(turn => turn.ExecuteAsync("""
            INSERT INTO account (id, handle, name, role, created_at)
            VALUES (@id, @handle, @handle, 'staff', 0)
            """, new { id, handle = name.ToString() }), default).GetAwaiter().GetResult();
        var devices = name == 'a' || Weather.Chance(0.3) ? 2 : 1;
        for (var i = 1; i <= devices; i++)
            world.Phones.Add(world.Add(id, $"{name}{i}"));
    }

    private List<Phone> Phones(AccountId person) => world.Phones.FindAll(phone => phone.Person == person);
}
