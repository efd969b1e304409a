using Microsoft.Extensions.Logging;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Server.Demo;

/// <summary>
/// Fills an empty database with a small school: an administrator, three of staff, forty students, some history. It goes
/// through the same verbs as everybody, and does nothing where there is an account already.
/// </summary>
internal sealed class DemoOrganisation(
    IDatabase database, NewAccount accounts, Passwords passwords, DemoVerbs verbs, ILogger<DemoOrganisation> log)
{
    /// <summary>Everybody's password in the demo. No other installation has a default one.</summary>
    public const string Password = "parley-demo";

    public async Task SeedAsync(CancellationToken cancel)
    {
        var present = await database.ReadAsync(view => view.SingleAsync<long>("SELECT count(*) FROM account"), cancel);
        if (present > 0)
            return;

        // One hash for all: the password is public, and forty-four slow hashes would be forty-four times as slow.
        var hash = passwords.Hash(Password);
        await database.WriteAsync(async turn =>
        {
            foreach (var (position, attribute) in DemoPeople.Attributes.Index())
            {
                await turn.ExecuteAsync(
                    "INSERT INTO attribute_definition (key, label, position) VALUES (@Key, @Label, @position)",
                    new { attribute.Key, attribute.Label, position });
            }

            return true;
        }, cancel);
        var people = await database.WriteAsync(turn => InsertAsync(turn, hash), cancel);
        await TalkAsync(people, cancel);
        Log.Seeded(log, people.Count);
    }

    private async Task<Dictionary<string, Caller>> InsertAsync(Transaction turn, string hash)
    {
        var people = new Dictionary<string, Caller>();
        foreach (var request in DemoPeople.Staff.Concat(DemoPeople.AllStudents()))
        {
            var person = Expect(await accounts.InsertAsync(turn, request, hash));
            people.Add(person.Handle, new(person.Id, default, person.Role));
        }

        return people;
    }

    private async Task TalkAsync(Dictionary<string, Caller> people, CancellationToken cancel)
    {
        foreach (var (staff, student, lines) in DemoTalk.Pairs)
        {
            var speakers = new[] { people[staff], people[student] };
            var direct = Expect(await verbs.Open.RunAsync(speakers[0], new(speakers[1].AccountId), cancel));
            await SayAsync(direct.Conversation.Id, speakers, lines);
        }

        var first = DemoPeople.AllStudents().Where(student => student.Attributes!["class"] == "10A").ToList();
        var teacher = people["anna"];
        var members = first.Select(student => people[student.Handle]).ToList();
        var request = new CreateGroupRequest(
            new(Guid.CreateVersion7()),
            "Class 10A",
            [.. members.Select(member => member.AccountId)],
            HistoryPolicy.All);
        var room = Expect(await verbs.Group.RunAsync(teacher, request, cancel));
        Caller[] voices = [teacher, members[0], teacher, members[1], members[2], teacher];
        await SayAsync(room.Conversation.Id, voices, DemoTalk.ClassRoom);
    }

    private async Task SayAsync(ConversationId conversation, Caller[] speakers, IReadOnlyList<string> lines)
    {
        foreach (var (i, line) in lines.Index())
        {
            Expect(await verbs.Send.RunAsync(
                speakers[i % speakers.Length], new(new(Guid.CreateVersion7()), conversation, line)));
        }
    }

    private static T Expect<T>(Outcome<T> outcome) where T : class =>
        outcome.Value ?? throw new InvalidOperationException($"The demo could not be made: {outcome.Refusal}");
}

/// <summary>The verbs a demo speaks with.</summary>
internal sealed record DemoVerbs(OpenDirect Open, CreateGroup Group, SendMessage Send);
