using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Contract;
using Parley.Server.Demo;
using Parley.Server.Host;

namespace Parley.Client.Tests;

/// <summary>The real server, real sockets, real files; what is slow here is real time.</summary>
public sealed class ServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;
    private readonly SocketGate _gate = new();
    private WebApplication? _server;
    private Uri _address = new("http://127.0.0.1:0");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await StartServerAsync();

    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task WR1_Two_people_talk_and_see_ticks_typing_and_presence()
    {
        await using var anna = await SignInAsync("anna");
        await using var ben = await SignInAsync("ben");
        var chat = await OpenAsync(anna, "ben");
        await UntilAsync(() => ben.State.Conversations.ContainsKey(chat));
        var events = Record(ben);
        await ben.WatchPresenceAsync([anna.Me], Cancel);

        await anna.TypingAsync(chat, true, Cancel);
        await UntilAsync(() => events.OfType<ClientEvent.TypingMoved>()
            .Any(moved => moved.Typing.AccountIds.Contains(anna.Me)));

        var message = await anna.SendAsync(chat, "Hello, Ben — grüß dich 👋", Cancel);
        var ack = await message.Acked.WaitAsync(Patience, Cancel);
        await UntilAsync(() => Last(ben, chat)?.Body == "Hello, Ben — grüß dich 👋");
        await UntilAsync(() => anna.StatusOf(Last(anna, chat)!) == MessageStatus.Delivered);
        Assert.Equal(ack.Number, Last(anna, chat)!.Number);

        await ben.MarkReadAsync(chat, ack.Number, Cancel);
        await UntilAsync(() => anna.StatusOf(Last(anna, chat)!) == MessageStatus.Read);
        var receipts = await anna.ReceiptsOfAsync(Last(anna, chat)!, Cancel);
        Assert.NotNull(Assert.Single(receipts.Items).ReadAt);
    }

    [Fact]
    public async Task D1_The_server_is_restarted_in_the_middle_and_nothing_is_lost_or_doubled()
    {
        await using var anna = await SignInAsync("anna");
        await using var ben = await SignInAsync("ben");
        var chat = await OpenAsync(anna, "ben");
        var before = Last(anna, chat)?.Number ?? 0;
        var sending = new List<OutgoingMessage>();
        for (var i = 0; i < 60; i++)
        {
            sending.Add(await anna.SendAsync(chat, $"text {i}", Cancel));
            if (i == 20)
                await StopServerAsync();
            if (i == 40)
                await StartServerAsync();
        }

        anna.RetryNow();
        ben.RetryNow();
        await Task.WhenAll(sending.Select(message => message.Acked)).WaitAsync(Patience, Cancel);
        await UntilAsync(() => Last(ben, chat)?.Number == before + 60);

        string[] expected = [.. Enumerable.Range(0, 60).Select(i => $"text {i}")];
        Assert.Equal(expected, Texts(anna, chat).TakeLast(60));
        Assert.Equal(expected, Texts(ben, chat).TakeLast(60));
    }

    [Fact]
    public async Task D2_A_killed_chat_goes_on_from_its_folder_without_a_connection_and_without_a_password()
    {
        var options = Options("anna");
        var anna = await ParleyClient.SignInAsync(options, "anna", DemoOrganisation.Password, Cancel);
        var chat = await OpenAsync(anna, "ben");
        await StopServerAsync();
        var lost = await anna.SendAsync(chat, "said while the server was down", Cancel);
        anna.Abandon();
        await anna.DisposeAsync();

        await using var again = Assert.IsType<ParleyClient>(ParleyClient.Resume(options));
        Assert.Equal(lost.Id, Assert.Single(await again.OutboxAsync(chat, Cancel)).Id);
        await StartServerAsync();
        again.RetryNow();
        await UntilAsync(() => Last(again, chat)?.Body == "said while the server was down");
        Assert.Equal(lost.Id, Last(again, chat)!.Id);
        await UntilAsync(async () => (await again.OutboxAsync(chat, Cancel)).Count == 0);
    }

    [Fact]
    public async Task WR1_With_sockets_blocked_everything_works_over_HTTP_and_the_end_is_the_same()
    {
        _gate.IsClosed = true;
        await using var anna = await SignInAsync("anna");
        await using var ben = await SignInAsync("ben");
        await UntilAsync(() => anna.Connection is ConnectionState.FallbackHttp);
        var chat = await OpenAsync(anna, "ben");

        var said = await anna.SendAsync(chat, "over HTTP", Cancel);
        await said.Acked.WaitAsync(Patience, Cancel);
        await UntilAsync(() => Last(ben, chat)?.Body == "over HTTP");
        var edited = await anna.EditAsync(Last(anna, chat)!, "edited over HTTP", Cancel);
        await anna.RemoveAsync(chat, edited.Id, Cancel);
        var page = await anna.HistoryAsync(chat, count: 5, cancel: Cancel);
        await anna.SetSettingsAsync(new(PresenceChoice.Busy, null, null), Cancel);
        await anna.PeopleAsync([ben.Me], Cancel);
        await anna.MembersAsync(chat, cancel: Cancel);
        await anna.ReceiptsOfAsync(edited, Cancel);
        Assert.NotNull(page);
        await UntilAsync(() => Last(ben, chat)?.RemovedAt is not null);

        _gate.IsClosed = false;
        anna.RetryNow();
        ben.RetryNow();
        await UntilAsync(() => anna.Connection is ConnectionState.Online && ben.Connection is ConnectionState.Online);
        Assert.Equal(Last(anna, chat), Last(ben, chat));
    }

    [Fact]
    public async Task CV2_A_group_is_made_grown_renamed_and_left()
    {
        await using var anna = await SignInAsync("anna");
        await using var ben = await SignInAsync("ben");
        await using var mei = await SignInAsync("mei");
        var group = await anna.CreateGroupAsync("Chess", [ben.Me], cancel: Cancel);
        await UntilAsync(() => ben.State.Conversations.ContainsKey(group));
        await (await anna.SendAsync(group, "before Mei", Cancel)).Acked.WaitAsync(Patience, Cancel);

        await anna.AddMembersAsync(group, [mei.Me], Cancel);
        await anna.RenameGroupAsync(group, "Chess club", Cancel);
        await (await anna.SendAsync(group, "welcome", Cancel)).Acked.WaitAsync(Patience, Cancel);
        await UntilAsync(() => Last(mei, group)?.Body == "welcome");
        Assert.Equal(["welcome"], Texts(mei, group));
        await UntilAsync(() => ben.State.Conversations[group].Conversation.Name == "Chess club");

        await anna.RemoveMemberAsync(group, ben.Me, Cancel);
        await UntilAsync(() => !ben.State.Conversations.ContainsKey(group));
    }

    private async Task StartServerAsync()
    {
        _server = ParleyHost.Build(
            [$"--Storage:DataFolder={Path.Combine(_folder, "server")}", $"--urls={_address.AbsoluteUri}"],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<IStartupFilter>(_gate);
            });
        await _server.StartStorageAsync(CancellationToken.None);
        await _server.Services.GetRequiredService<DemoOrganisation>().SeedAsync(CancellationToken.None);
        await _server.StartAsync(CancellationToken.None);
        _address = new(_server.Urls.First());
    }

    private async Task StopServerAsync()
    {
        if (_server is not { } server)
            return;

        _server = null;
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
    }

    private Task<ParleyClient> SignInAsync(string handle) =>
        ParleyClient.SignInAsync(Options(handle), handle, DemoOrganisation.Password, Cancel);

    private ParleyClientOptions Options(string handle) =>
        new() { Server = _address, Folder = Path.Combine(_folder, handle) };

    private static async Task<ConversationId> OpenAsync(ParleyClient client, string handle)
    {
        var person = Assert.IsType<Person>(await client.FindPersonAsync(handle, Cancel));
        return await client.OpenDirectAsync(person.Id, Cancel);
    }

    private static ConcurrentQueue<ClientEvent> Record(ParleyClient client)
    {
        var events = new ConcurrentQueue<ClientEvent>();
        var happenings = client.EventsAsync(Cancel);
        _ = Task.Run(async () =>
        {
            await foreach (var moved in happenings)
                events.Enqueue(moved);
        }, Cancel);
        return events;
    }

    private static Message? Last(ParleyClient client, ConversationId chat) =>
        client.State.Conversations.GetValueOrDefault(chat)?.Messages.Values.LastOrDefault();

    private static IEnumerable<string?> Texts(ParleyClient client, ConversationId chat) =>
        client.State.Conversations[chat].Messages.Values.Select(message => message.Body);

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "It did not come about in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        }
    }

    /// <summary>A proxy's bad habit: it answers 503 to what would become a socket, while closed.</summary>
    private sealed class SocketGate : IStartupFilter
    {
        public bool IsClosed { get; set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                if (!IsClosed || !context.Request.Path.StartsWithSegments(Wire.HubPath))
                    return following(context);

                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            });
            next(app);
        };
    }
}
