using System.Globalization;

namespace Parley.Load.Subject;

/// <summary>
/// Puts a population into the database past the server, as the server would have left it: signing thousands of people
/// in would take minutes, for passwords are slow on purpose.
/// </summary>
internal sealed class Seed(IStore store, Population population)
{
    private const long DayMs = 86_400_000;

    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private long Began => _now - DayMs;

    public async Task RunAsync(CancellationToken cancel)
    {
        var joined = AccountSeqs();
        await store.FillAsync(
            "account",
            ["id", "handle", "name", "role", "attributes", "created_at", "head_seq"],
            population.People.Select((someone, index) => new object?[]
            {
                someone.Account, Handle(index), $"Person {index}", "member", "{}", Began, joined.PerPerson[index],
            }),
            cancel);
        await store.FillAsync(
            "device",
            [
                "id", "account_id", "name", "signed_in_at", "last_seen_at", "expires_at", "refresh_nonce",
                "refresh_generation", "refreshed_at",
            ],
            population.People.Select(someone => new object?[]
            {
                someone.Device, someone.Account, "bench", Began, _now, _now + (30 * DayMs), new byte[32], 0L, Began,
            }),
            cancel);
        await FillConversationsAsync(cancel);
        await FillMembershipsAsync(joined.PerMembership, cancel);
        await FillMessagesAsync(cancel);
        await store.SettleAsync(cancel);
    }

    private static string Handle(int index) => string.Create(CultureInfo.InvariantCulture, $"person{index}");

    private Task FillConversationsAsync(CancellationToken cancel) => store.FillAsync(
        "conversation",
        [
            "id", "kind", "name", "history", "pair", "created_at", "member_count", "head_seq", "head_number",
            "roster_version", "changed_seq",
        ],
        population.Conversations.Select(talks => new object?[]
        {
            talks.Id, talks.IsGroup ? "group" : "direct", talks.IsGroup ? "Room" : null, "all",
            talks.IsGroup ? null : Pair(talks), Began, (long)talks.Members.Count, talks.HeadSeq, talks.Messages, 1L, 1L,
        }),
        cancel);

    private Task FillMembershipsAsync(Func<int, int, long> accountSeq, CancellationToken cancel) => store.FillAsync(
        "membership",
        [
            "conversation_id", "account_id", "role", "joined_at", "joined_number", "visible_after", "changed_seq",
            "account_seq", "delivered_number", "read_number", "delivered_at", "read_at",
        ],
        from conversation in population.Conversations.Index()
        let talks = conversation.Item
        from member in talks.Members.Index()
        select new object?[]
        {
            talks.Id, population.People[member.Item].Account, talks.IsGroup && member.Index == 0 ? "owner" : "member",
            Began, 0L, 0L, 1L, accountSeq(conversation.Index, member.Index), talks.Messages, talks.Messages, Began,
            Began,
        },
        cancel);

    private async Task FillMessagesAsync(CancellationToken cancel)
    {
        if (population.Messages == 0)
            return;

        await store.FillAsync(
            "message",
            ["id", "conversation_id", "number", "seq", "author_id", "body", "sent_hash", "sent_at"],
            Messages(),
            cancel);
    }

    // Round by round over the conversations, as talk goes: neighbours in a conversation are far apart on disk.
    private IEnumerable<object?[]> Messages()
    {
        var body = new string('s', Talk.Traffic.BodyLength);
        var total = population.Messages;
        var written = 0L;
        for (var number = 1L; written < total; number++)
        {
            foreach (var talks in population.Conversations)
            {
                if (number > talks.Messages)
                    continue;

                var sentAt = Began + (long)(written++ * (double)DayMs / total);
                var author = talks.Members[(int)(number % Math.Min(talks.Members.Count, 2))];
                yield return
                [
                    Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(sentAt)), talks.Id, number, number + 1,
                    population.People[author].Account, body, 0L, sentAt,
                ];
            }
        }
    }

    // The smaller account first, as bytes.
    private byte[] Pair(Talks talks)
    {
        var ids = talks.Members.Select(member => population.People[member].Account.ToByteArray(bigEndian: true))
            .OrderBy(Convert.ToHexString, StringComparer.Ordinal);
        return [.. ids.SelectMany(id => id)];
    }

    private (long[] PerPerson, Func<int, int, long> PerMembership) AccountSeqs()
    {
        var perPerson = new long[population.People.Count];
        var perMembership = population.Conversations
            .Select(talks => talks.Members.Select(member => ++perPerson[member]).ToArray()).ToArray();
        return (perPerson, (conversation, place) => perMembership[conversation][place]);
    }
}
