using System.Globalization;
using System.Text;
using Parley.Load.Figures;
using Parley.Load.Sockets;
using Parley.Load.Subject;
using Parley.Load.Talk;

namespace Parley.Load.Scenarios;

/// <summary>
/// Everybody comes back at once, as after a network failure, with the cursors of 50 conversations: to a server that
/// has just started, to a warm one with nothing new, and with new messages in ten conversations each.
/// </summary>
internal sealed class Reconnect
{
    private const int ConversationsEach = 50;
    private const int MessagesEach = 20;
    private const int ChangedEach = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Bench _bench;
    private readonly Loop _loop;
    private readonly string[] _requests;

    private Reconnect(Bench bench, Loop loop)
    {
        _bench = bench;
        _loop = loop;
        var epoch = AskEpoch();
        _requests = [.. Enumerable.Range(0, bench.Population.People.Count).Select(person => Request(epoch, person))];
    }

    public static async Task<IReadOnlyList<Result>> RunAsync(Plan plan, CancellationToken cancel)
    {
        var population = Population.Ring(plan.People ?? 1_000, ConversationsEach, MessagesEach);
        await using var bench = await Bench.PrepareAsync(plan, population, cancel);
        using var loop = new Loop();
        var reconnect = new Reconnect(bench, loop);
        var cold = reconnect.Measure("reconnect-cold", 0);
        var unchanged = reconnect.Measure("reconnect-unchanged", 0);
        reconnect.Write();
        return [cold, unchanged, reconnect.Measure("reconnect-changed", 2 * ChangedEach)];
    }

    /// <param name="scenario">Its name in the figures.</param>
    /// <param name="messagesExpected">New messages each person must be told of.</param>
    private Result Measure(string scenario, int messagesExpected)
    {
        var people = _bench.Population.People.Count;
        var latencies = new Latencies();
        var meter = _bench.Meter();
        var synced = 0;
        var messages = 0L;
        var askers = Askers();
        meter.Start();
        var start = Loop.Now;
        for (var person = 0; person < people; person++)
        {
            var request = _requests[person];
            askers[person].Opened = asker => asker.Invoke(1, "Sync", request);
            askers[person].Answered = (_, answer) =>
            {
                synced++;
                messages += Messages(answer);
                latencies.Add(Loop.Now - start);
            };
            askers[person].Open();
        }

        Run("everybody synced", askers, () => synced == people);
        var recovered = Loop.Milliseconds(Loop.Now - start);
        meter.Stop();
        Close(askers);
        var expected = (long)messagesExpected * people;
        var result = new Result
        {
            Scenario = scenario,
            Store = _bench.Store.Kind,
            People = people,
            RecoveredMs = Math.Round(recovered, 1),
            Lost = Math.Max(0, expected - messages),
            Duplicated = Math.Max(0, messages - expected),
        };
        return result.PerMessage(meter, people).With(latencies);
    }

    /// <summary>Everybody writes into their first conversations while nobody's cursor moves.</summary>
    private void Write()
    {
        var askers = Askers();
        var unixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var acknowledged = 0;
        var id = new byte[MessageStamp.Length];
        for (var person = 0; person < askers.Length; person++)
        {
            var sender = person;
            var conversations = _bench.Population.Conversations
                .Where(talks => talks.Members[0] == sender).Take(ChangedEach).Select(talks => talks.Id).ToList();
            askers[person].Opened = asker =>
            {
                for (var i = 0; i < conversations.Count; i++)
                {
                    MessageStamp.Write(id, unixMs, sender, (uint)i);
                    var text = Encoding.ASCII.GetString(id);
                    asker.Invoke(
                        i, "Send", $$"""{"id":"{{text}}","conversationId":"{{conversations[i]}}","body":"news"}""");
                }
            };
            askers[person].Answered = (_, _) => acknowledged++;
            askers[person].Open();
        }

        Run("everybody wrote", askers, () => acknowledged == askers.Length * ChangedEach);
        Close(askers);
    }

    private static int Messages(ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("\"reset\":true"u8) >= 0)
            throw new InvalidOperationException("A sync was answered with reset: the cursors of the bench are wrong.");

        var found = 0;
        var position = 0;
        while (MessageStamp.TryFind(answer, ref position, out _, out _))
            found++;

        return found;
    }

    private Asker[] Askers() =>
        [.. Enumerable.Range(0, _bench.Population.People.Count).Select(
            person => new Asker(_loop, _bench.Server.Port, _bench.AccessToken(person)))];

    private void Close(Asker[] askers)
    {
        foreach (var asker in askers)
            asker.Dispose();

        _loop.RunFor(Pause);
    }

    private void Run(string what, Asker[] askers, Func<bool> done)
    {
        _loop.RunUntil(what, Patience, () => done() || Array.Exists(askers, asker => asker.Trouble is not null));
        if (askers.Select(asker => asker.Trouble).FirstOrDefault(trouble => trouble is not null) is { } broken)
            throw _bench.Server.Broken(broken);
    }

    private string AskEpoch()
    {
        using var asker = new Asker(_loop, _bench.Server.Port, _bench.AccessToken(0));
        string? epoch = null;
        asker.Opened = opened => opened.Invoke(1, "Sync", """{"accountSeq":0,"conversations":[]}""");
        asker.Answered = (_, answer) => epoch = TextOf(Encoding.UTF8.GetString(answer), "\"epoch\":\"");
        asker.Open();
        Run("the epoch", [asker], () => epoch is not null);
        return epoch!; // Run throws when it did not come.
    }

    private static string TextOf(string json, string mark)
    {
        var start = json.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        return json[start..json.IndexOf('"', start)];
    }

    private string Request(string epoch, int person)
    {
        var mine = _bench.Population.Conversations.Where(talks => talks.Members.Contains(person)).ToList();
        var cursors = mine.Select(talks => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"conversationId":"{{talks.Id}}","seq":{{talks.HeadSeq}},"receiptSeq":0}"""));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"epoch":"{{epoch}}","accountSeq":{{mine.Count}},"conversations":[{{string.Join(',', cursors)}}]}""");
    }
}
