namespace Parley.Load.Subject;

/// <summary>A person with one signed-in device.</summary>
internal sealed record Someone(Guid Account, Guid Device);

/// <summary>A conversation, by the indexes of its members, with so many messages in it.</summary>
internal sealed record Talks(Guid Id, bool IsGroup, IReadOnlyList<int> Members, long Messages)
{
    /// <summary>
    /// The change by which the last of its messages was stored. The first change made the conversation.
    /// </summary>
    public long HeadSeq => 1 + Messages;
}

/// <summary>Who is there, and who talks with whom.</summary>
internal sealed record Population(IReadOnlyList<Someone> People, IReadOnlyList<Talks> Conversations)
{
    public long Messages => Conversations.Sum(conversation => conversation.Messages);

    /// <summary>
    /// People in pairs: 0 with 1, 2 with 3 … with <paramref name="messages"/> spread over their conversations.
    /// </summary>
    public static Population Pairs(int people, long messages = 0) => new(
        Make(people),
        [.. Enumerable.Range(0, people / 2).Select(pair => new Talks(
            Guid.CreateVersion7(), IsGroup: false, [2 * pair, (2 * pair) + 1], Share(messages, people / 2, pair)))]);

    /// <summary>Everybody in one group.</summary>
    public static Population Room(int people) =>
        new(Make(people), [new(Guid.CreateVersion7(), IsGroup: true, [.. Enumerable.Range(0, people)], 0)]);

    /// <summary>
    /// A ring: everybody talks with the nearest <paramref name="neighbours"/>, half of them on each side.
    /// </summary>
    public static Population Ring(int people, int neighbours, int messagesEach) => new(
        Make(people),
        [.. from person in Enumerable.Range(0, people)
            from step in Enumerable.Range(1, neighbours / 2)
            select new Talks(
                Guid.CreateVersion7(), IsGroup: false, [person, (person + step) % people], messagesEach)]);

    private static Someone[] Make(int people) =>
        [.. Enumerable.Range(0, people).Select(_ => new Someone(Guid.CreateVersion7(), Guid.CreateVersion7()))];

    private static long Share(long total, int parts, int part) => (total / parts) + (part < total % parts ? 1 : 0);
}
