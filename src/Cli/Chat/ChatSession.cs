using System.Threading.Channels;
using Parley.Client;

namespace Parley.Cli.Chat;

/// <summary>
/// The chat from start to end: one loop over what is typed and what happens. It keeps nothing itself; session, cache
/// and outbox are the client's, on disk, so killing it loses nothing.
/// </summary>
internal sealed class ChatSession(ChatRoom room, IChatView view, TypedLines typed)
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(ChatArguments arguments, CancellationToken cancel)
    {
        try
        {
            await using var client = await ChatEntrance.EnterAsync(arguments, cancel);
            var happenings = client.EventsAsync(cancel);
            var room = await ChatEntrance.OpenAsync(client, arguments.To, cancel);
            using IChatView view = Console.IsOutputRedirected
                ? new LinesView(room, Console.Out)
                : new ScreenView(room);
            return await new ChatSession(room, view, new()).RunAsync(happenings, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
        catch (ParleyRefusalException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Is another chat open with the same --data?");
            return 1;
        }
    }

    private async Task<int> RunAsync(IAsyncEnumerable<ClientEvent> happenings, CancellationToken cancel)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var inbox = Channel.CreateUnbounded<object>();
        _ = typed.ReadAsync(inbox.Writer, leaving.Token);
        _ = ForwardAsync(happenings, inbox.Writer, leaving.Token);
        await view.OpenAsync(cancel);
        await WatchAsync(cancel);
        var verbs = new ChatVerbs(room, view);
        try
        {
            await foreach (var next in inbox.Reader.ReadAllAsync(cancel))
            {
                switch (next)
                {
                    case ClientEvent moved:
                        await view.ShowAsync(moved, cancel);
                        break;
                    case TypedLines.Line line when !await verbs.RunAsync(line.Text, cancel):
                        return 0;
                    case TypedLines.Key:
                        await room.Client.TypingAsync(room.Id, typed.Current.Length > 0, cancel);
                        await view.RefreshAsync(typed.Current, cancel);
                        break;
                    case TypedLines.Ended:
                        return await FlushAsync(inbox.Reader, cancel);
                    default:
                        await view.RefreshAsync(typed.Current, cancel);
                        break;
                }
            }
        }
        finally
        {
            await leaving.CancelAsync();
        }

        return 0;
    }

    /// <summary>
    /// Input has ended: waits a little for what is on its way. 2 says that something still waits on disk.
    /// </summary>
    private async Task<int> FlushAsync(ChannelReader<object> inbox, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(PatienceAtTheEnd, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            while (true)
            {
                var waiting = await room.Client.OutboxAsync(room.Id, both.Token);
                while (inbox.TryRead(out var next))
                {
                    if (next is ClientEvent moved)
                        await view.ShowAsync(moved, cancel);
                }

                if (!waiting.Any(item => item.State is OutboxState.Queued or OutboxState.Sending))
                    return waiting.Any(item => item.State == OutboxState.Failed) ? 2 : 0;

                await inbox.WaitToReadAsync(both.Token);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return 2;
        }
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var presence in (await room.Client.WatchPresenceAsync([room.Other.Id], cancel)).Items)
                await view.ShowAsync(new ClientEvent.PresenceMoved(presence), cancel);
        }
        catch (ParleyUnreachableException)
        {
            // The next connection watches again.
        }
    }

    private static async Task ForwardAsync(
        IAsyncEnumerable<ClientEvent> happenings, ChannelWriter<object> inbox, CancellationToken cancel)
    {
        try
        {
            await foreach (var moved in happenings.WithCancellation(cancel))
                await inbox.WriteAsync(moved, cancel);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
