using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Receipts;
using Parley.Server.Storage;
using Parley.Server.Tests.Doors;
using Parley.Server.Tests.Engine;
using Parley.Server.Tests.Outbox;

namespace Parley.Server.Tests.Expiry;

/// <summary>
/// Weeks of a small school drawn from a seed: people write, sometimes receive, somebody sets the clock by days,
/// processes are killed in the middle of a write. Beside it a model of what must come of it, in true time, which
/// nobody sets.
/// </summary>
internal sealed class Story(EngineWorld world, FakeClock clock, Random dice)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly List<Sent> _sent = [];
    private readonly List<(Caller Author, Caller Reader, ConversationId Conversation)> _pairs = [];
    private Node _node = Node.Of(world, clock);
    private TimeSpan _now;

    public async Task BeginAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var (author, reader) = (await world.PersonAsync(), await world.PersonAsync());
            _pairs.Add((author, reader, (await world.DirectAsync(author, reader)).Conversation.Id));
        }

        await WorkAsync(_node);
    }

    /// <summary>A stretch of time: things happen, then the server sweeps.</summary>
    public async Task GoOnAsync(bool mayBegin, TimeSpan stretch)
    {
        // Between the last sweep of one process and the first of the next, the clock is all there is.
        var kills = dice.Next(12) == 0;
        if (mayBegin && dice.Next(4) == 0)
            await SendAsync();
        if (dice.Next(20) == 0)
            await DeliverAsync();
        if (!kills && dice.Next(40) == 0)
            clock.Set(TimeSpan.FromDays(dice.Next(2) == 0 ? 8 : -8));
        if (mayBegin && dice.Next(4) == 0)
            await SendAsync();

        clock.Advance(stretch);
        _now += stretch;
        if (kills)
            await KilledAsync();

        await WorkAsync(_node);
        await CheckAsync(stretch);
    }

    /// <summary>Whatever did not arrive in time was told, once, and nothing else was.</summary>
    public async Task EndAsync()
    {
        clock.Advance(TimeSpan.FromHours(2));
        await WorkAsync(_node);
        var due = _sent.Where(sent => sent.DeliveredAt is null || sent.ExpiredAt is not null).ToList();
        Assert.NotEmpty(due);
        Assert.All(due, sent => Assert.NotNull(sent.ExpiredAt));
        Assert.Equal(
            due.Select(sent => sent.Id),
            await Told.ReadAsync(world.Database, [.. _sent.Select(sent => sent.Id)]));
        await _node.DisposeAsync();
    }

    private async Task SendAsync()
    {
        var (author, _, conversation) = _pairs[dice.Next(_pairs.Count)];
        var sent = await world.SendAsync(author, conversation, "hello?");
        _sent.Add(new(sent.Id, conversation, sent.Number, _now));
    }

    private async Task DeliverAsync()
    {
        var (_, reader, conversation) = _pairs[dice.Next(_pairs.Count)];
        EngineWorld.Expect(await world.Get<AdvanceReceipts>().RunAsync(reader, new(conversation, 1_000_000, null)));
        foreach (var sent in _sent.Where(sent => sent.Conversation == conversation))
            sent.DeliveredAt ??= _now;
    }

    private async Task KilledAsync()
    {
        await _node.DisposeAsync();
        var dying = new CrashingDatabase(world.Database, dice.Next(1, 9), dice.Next(2) == 0);
        await using var killed = Node.Of(dying, world.Fanout, clock, []);
        try
        {
            await WorkAsync(killed);
        }
        catch (StorageTrouble)
        {
            // What follows is another process.
        }

        _node = Node.Of(world, clock);
    }

    private static async Task WorkAsync(Node node)
    {
        await node.SweepAsync();
        await node.RunDueAsync();
    }

    /// <summary>Nothing expires early; what is overdue by more than a killed sweep and the next has expired.</summary>
    private async Task CheckAsync(TimeSpan stretch)
    {
        var expired = (await world.Database.ReadAsync(
            view => view.QueryAsync<MessageId>("SELECT id FROM message WHERE expired_at IS NOT NULL"),
            TestContext.Current.CancellationToken)).ToHashSet();
        foreach (var sent in _sent)
        {
            if (expired.Contains(sent.Id))
                sent.ExpiredAt ??= _now;

            var age = (sent.ExpiredAt ?? _now) - sent.At;
            if (sent.ExpiredAt is not null)
                Assert.True(age >= Week - stretch, $"expired after {age}");
            else if (sent.DeliveredAt is null)
                Assert.True(age <= Week + (6 * stretch), $"not expired after {age}");
        }
    }

    /// <summary>A message, and what the model knows of it in true time.</summary>
    private sealed record Sent(MessageId Id, ConversationId Conversation, long Number, TimeSpan At)
    {
        public TimeSpan? DeliveredAt { get; set; }

        public TimeSpan? ExpiredAt { get; set; }
    }
}
