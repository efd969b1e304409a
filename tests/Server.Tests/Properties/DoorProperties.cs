using System.Net;
using System.Net.Http.Json;
using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Properties;

/// <summary>What holds at the doors of the whole server.</summary>
public sealed class DoorProperties
{
    /// <summary>Here nobody waits between two requests.</summary>
    private static readonly Dictionary<string, string?> Patient = new() { ["RateLimits:PersonBurst"] = "100000" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AU5_Property1_A_connection_opens_with_one_good_ticket_once_and_with_nothing_else()
    {
        await using var server = await TestServer.StartAsync(map: LiveDoor.Map);
        var session = await server.SessionAsync("anna");
        using var client = server.As(session);
        Holds.Always(
            from damage in Gen.Choose(0, 3)
            from at in Gen.Choose(0, 1_000)
            from letter in Gen.Elements('A', 'b', '0', '-', '_')
            select (damage, at, letter),
            30,
            async drawn =>
            {
                var issued = await TestServer.ReadAsync<LiveTicket>(
                    await client.PostAsync("/api/v1/live/ticket", null, Cancel));
                var (good, at) = (issued.Ticket, drawn.at % issued.Ticket.Length);
                var bad = drawn.damage switch
                {
                    0 => good[..at],
                    1 => good[..at] + drawn.letter + good[at..],
                    2 => session.AccessToken,
                    _ => new string(drawn.letter, good.Length),
                };
                Assert.Equal(HttpStatusCode.Unauthorized, await LiveDoor.KnockAsync(server, bad));
                Assert.Equal(HttpStatusCode.Forbidden, await LiveDoor.KnockAsync(server, good, "https://evil.example"));
                Assert.Equal(HttpStatusCode.OK, await LiveDoor.KnockAsync(server, good));
                Assert.Equal(HttpStatusCode.Unauthorized, await LiveDoor.KnockAsync(server, good));
            });
    }

    [Fact]
    public async Task WR1_Property4_The_hub_and_HTTP_bring_the_same_acts_to_the_same_end()
    {
        await using var server = await TestServer.StartAsync(settings: Patient);
        var anna = await server.SessionAsync("anna", Role.Staff);
        var ben = await server.SessionAsync("ben", Role.Staff);
        using var http = server.As(anna);
        await using var hub = await RawHub.OpenAsync(server, http);
        Holds.Always(
            (from kind in Gen.Choose(0, 6) from what in Gen.Choose(0, 9) select (kind, what)).ArrayOf(),
            15,
            async acts =>
            {
                var overHttp = await PlayAsync(new HttpHand(http), ben.Me.Id, acts);
                var overHub = await PlayAsync(hub, ben.Me.Id, acts);
                Assert.Equal(overHttp, overHub);
            });
    }

    private static async Task<string> PlayAsync(IHand hand, AccountId with, (int Kind, int What)[] acts)
    {
        var id = new ConversationId(Guid.CreateVersion7());
        var group = new CreateGroupRequest(id, "Group", [with], null);
        var told = new List<string> { await hand.AskAsync("CreateGroup", group, id) };
        var sent = new List<SendMessageRequest>();
        foreach (var (kind, what) in acts)
        {
            var request = kind <= 2 || sent.Count == 0
                ? new(new(Guid.CreateVersion7()), id, $"message {sent.Count}")
                : sent[what % sent.Count];
            if (kind <= 2 || sent.Count == 0)
                sent.Add(request);
            told.Add(kind switch
            {
                <= 3 => await hand.AskAsync("Send", request, id),
                4 => await hand.AskAsync(
                    "Edit", new EditMessageRequest(id, request.Id, $"edit {what}", what < 5 ? 1 : null), id),
                5 => await hand.AskAsync("Remove", new RemoveMessageRequest(id, request.Id), id),
                _ => await hand.AskAsync("AdvanceReceipts", new AdvanceReceiptsRequest(id, what, what / 2), id),
            });
        }

        told.Add(await hand.AskAsync("Changes", new GetChangesRequest(id, 0), id));
        return Plain(string.Join('\n', told), sent, id);
    }

    /// <summary>Ids are made anew each time, and times pass: everything else must be equal.</summary>
    private static string Plain(string told, List<SendMessageRequest> sent, ConversationId id)
    {
        foreach (var (place, request) in sent.Index())
            told = told.Replace(request.Id.ToString(), $"message-{place}", StringComparison.Ordinal);
        return told.Replace(id.ToString(), "group", StringComparison.Ordinal);
    }
}
