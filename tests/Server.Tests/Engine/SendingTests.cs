using Parley.Contract;

namespace Parley.Server.Tests.Engine;

public sealed class SendingTests
{
    [Theory, EachDatabase]
    public async Task MS1_A_resent_message_is_stored_once_and_answered_with_the_first_number(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = await world.DirectAsync(anna, ben);
        var id = new MessageId(Guid.CreateVersion7());

        var first = await world.SendAsync(anna, direct.Conversation.Id, "hello", id);
        await world.SendAsync(ben, direct.Conversation.Id, "hi");
        var second = await world.SendAsync(anna, direct.Conversation.Id, "hello", id);

        Assert.Equal(first, second);
        Assert.Equal(2, (await world.SnapshotAsync(anna, direct.Conversation.Id)).Messages.Count);
    }

    [Theory, EachDatabase]
    public async Task MS1_An_id_used_for_another_body_author_or_conversation_is_refused(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, cleo) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var other = (await world.DirectAsync(anna, cleo)).Conversation.Id;
        var id = new MessageId(Guid.CreateVersion7());
        await world.SendAsync(anna, direct, "hello", id);

        Assert.Equal(RefusalCode.IdTaken, (await world.TrySendAsync(anna, direct, "hello!", id)).Refusal!.Code);
        Assert.Equal(RefusalCode.IdTaken, (await world.TrySendAsync(ben, direct, "hello", id)).Refusal!.Code);
        Assert.Equal(RefusalCode.IdTaken, (await world.TrySendAsync(anna, other, "hello", id)).Refusal!.Code);
        Assert.Single((await world.SnapshotAsync(anna, direct)).Messages);
        Assert.Empty((await world.SnapshotAsync(anna, other)).Messages);
    }

    [Theory, EachDatabase]
    public async Task MS2_SY1_Concurrent_sends_get_dense_numbers_and_steps_and_everyone_the_same_order(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var people = new[] { await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync() };
        var group = await world.GroupAsync(people[0], people[1..]);

        var acks = await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            world.SendAsync(people[i % 3] with { ConnectionId = null }, group.Conversation.Id, $"message {i}")));

        Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), acks.Select(ack => ack.Number).Order());
        Assert.Equal(Enumerable.Range(1, 300).Select(step => group.Seq + step), acks.Select(ack => ack.Seq).Order());
        foreach (var person in people)
            await world.LiveEqualsFreshAsync(person, group);
    }

    [Theory, EachDatabase]
    public async Task MS3_Who_is_not_a_member_is_told_nothing_and_stores_nothing(string database)
    {
        await using var world = await EngineWorld.StartAsync(database);
        var (anna, ben, eve) = (await world.PersonAsync(), await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;

        var refused = await world.TrySendAsync(eve, direct, "let me in");
        var nowhere = await world.TrySendAsync(eve, new(Guid.CreateVersion7()), "let me in");

        Assert.Equal(RefusalCode.NotFound, refused.Refusal!.Code);
        Assert.Equal(nowhere.Refusal, refused.Refusal);
        Assert.Empty((await world.SnapshotAsync(anna, direct)).Messages);
    }

    [Theory]
    [InlineData("", RefusalCode.Empty)]
    [InlineData(" \n\t ", RefusalCode.Empty)]
    [InlineData("a\0b", RefusalCode.Invalid)]
    public async Task MS4_A_body_without_text_is_refused(string body, RefusalCode code)
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;

        Assert.Equal(code, (await world.TrySendAsync(anna, direct, body)).Refusal!.Code);
    }

    [Fact]
    public async Task MS4_The_bound_counts_graphemes_and_holds_to_the_last_one()
    {
        await using var world = await EngineWorld.StartAsync(Databases.Sqlite);
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        const string family = "👩‍👩‍👧‍👦"; // one grapheme, eleven UTF-16 units

        await world.SendAsync(anna, direct, new string('x', Limits.BodyLengthMax));
        await world.SendAsync(anna, direct, string.Concat(Enumerable.Repeat(family, 1_000)));
        var refused = await world.TrySendAsync(anna, direct, new string('x', Limits.BodyLengthMax + 1));

        Assert.Equal(RefusalCode.TooLong, refused.Refusal!.Code);
    }
}
