using System.Threading.Channels;
using Parley.Contract;
using Device = Parley.Server.Tests.Engine.Device;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// A device that only listens. It applies every push to what it had, and in the end holds what a device holds that
/// comes fresh: live equals fresh, over the real wire.
/// </summary>
internal sealed class Watcher : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<HubPush> _pushes = Channel.CreateUnbounded<HubPush>();
    private readonly Dictionary<ConversationId, Device> _conversations = [];
    private readonly HttpDoor _http;
    private readonly Lock _gate = new();
    private Task _applying = Task.CompletedTask;
    private AccountSettings? _settings;
    private long _accountSeq;

    private Watcher(HttpDoor http) => _http = http;

    public HubLine Line { get; private set; } = null!; // set before anybody else sees it

    public static async Task<Watcher> StartAsync(TestServer server, SignedIn session)
    {
        var watcher = new Watcher(new(server.As(session)));
        watcher.Line = await HubLine.OpenAsync(server, session, push => watcher._pushes.Writer.TryWrite(push));
        await watcher.CatchUpAsync();
        watcher._applying = watcher.ApplyAllAsync();
        return watcher;
    }

    /// <summary>Waits until it has heard of everything there is, then compares everything.</summary>
    public async Task EqualsFreshAsync()
    {
        var (conversations, accountSeq, settings) = await FreshAsync();
        var began = TimeProvider.System.GetTimestamp();
        while (!HasHeardOf(conversations, accountSeq) && !_applying.IsFaulted
            && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        _pushes.Writer.TryComplete();
        await _applying;
        Assert.Equal(accountSeq, _accountSeq);
        Assert.Equal(settings, _settings);
        Assert.Equal(conversations.Keys.ToHashSet(), _conversations.Keys.ToHashSet());
        foreach (var (id, fresh) in conversations)
            Same(fresh, _conversations[id]);
    }

    public async ValueTask DisposeAsync()
    {
        _pushes.Writer.TryComplete();
        await Line.DisposeAsync();
        await _http.DisposeAsync();
    }

    private static void Same(Device fresh, Device live)
    {
        Assert.Equal(fresh.Seq, live.Seq);
        Assert.Equal(fresh.ReceiptSeq, live.ReceiptSeq);
        Assert.Equal(fresh.Conversation, live.Conversation);
        Assert.Equal(fresh.Memberships, live.Memberships);
        foreach (var (id, message) in fresh.Messages)
            Assert.Equal(message, live.Messages[id]);
        foreach (var (account, receipt) in fresh.Receipts)
        {
            // Who joined is known by the membership: nothing is delivered yet that counts.
            var joined = fresh.Memberships[account].JoinedNumber;
            var held = live.Receipts.GetValueOrDefault(account) is { } moved && moved.DeliveredNumber >= joined
                ? (moved.DeliveredNumber, moved.ReadNumber)
                : (joined, joined);
            Assert.Equal((receipt.DeliveredNumber, receipt.ReadNumber), held);
        }
    }

    private bool HasHeardOf(Dictionary<ConversationId, Device> fresh, long accountSeq)
    {
        lock (_gate)
        {
            return _accountSeq == accountSeq && fresh.All(pair =>
                _conversations.TryGetValue(pair.Key, out var live)
                && live.Seq == pair.Value.Seq && live.ReceiptSeq == pair.Value.ReceiptSeq);
        }
    }

    private async Task ApplyAllAsync()
    {
        await foreach (var push in _pushes.Reader.ReadAllAsync())
        {
            switch (push.Target)
            {
                case Wire.ChangesTarget when push.As<Changes>() is var changes:
                    lock (_gate)
                    {
                        // A conversation it does not know yet, or no more, comes with the account stream.
                        if (_conversations.TryGetValue(changes.ConversationId, out var device))
                            Assert.False(device.Apply(changes), $"a push left a gap: {push.Payload}");
                    }

                    break;
                case Wire.ReceiptsTarget when push.As<ReceiptsMoved>() is var moved:
                    lock (_gate)
                        _conversations.GetValueOrDefault(moved.ConversationId)?.Apply(moved);
                    break;
                case Wire.AccountTarget when push.As<AccountChanges>() is { HasMore: true }:
                    await CatchUpAsync();
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The account stream after what it has, as the nudge asks for.</summary>
    private async Task CatchUpAsync()
    {
        for (var hasMore = true; hasMore;)
        {
            var reply = await SyncAsync(_accountSeq);
            hasMore = reply.HasMore;
            lock (_gate)
            {
                foreach (var joined in reply.Joined)
                    _conversations[joined.Conversation.Id] = Device.From(joined);
                foreach (var left in reply.Left)
                    _conversations.Remove(left);
                _settings = reply.Settings ?? _settings;
                _accountSeq = reply.Seq;
            }
        }
    }

    private async Task<(Dictionary<ConversationId, Device>, long, AccountSettings?)> FreshAsync()
    {
        var conversations = new Dictionary<ConversationId, Device>();
        AccountSettings? settings = null;
        var after = 0L;
        for (var hasMore = true; hasMore;)
        {
            var reply = await SyncAsync(after);
            foreach (var joined in reply.Joined)
                conversations[joined.Conversation.Id] = Device.From(joined);
            (after, hasMore, settings) = (reply.Seq, reply.HasMore, reply.Settings ?? settings);
        }

        return (conversations, after, settings);
    }

    private async Task<AccountChanges> SyncAsync(long after)
    {
        var answer = await _http.AskAsync(Verbs.Sync, new(null, after, []));
        Assert.False(answer.Value!.Reset);
        return answer.Value.Account;
    }
}
