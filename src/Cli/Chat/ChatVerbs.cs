using Parley.Client;
using Parley.Contract;

namespace Parley.Cli.Chat;

/// <summary>What a typed line does.</summary>
internal sealed class ChatVerbs(ChatRoom room, IChatView view)
{
    private const string Help = """
        /older            show the page before
        /edit [#n] TEXT   change your last message, or number n
        /remove [#n]      remove your last message, or number n
        /who              who received and read your last message
        /retry, /discard  send or drop what failed
        /now              try to connect at once
        /quit             leave; what is not sent yet waits for next time
        //TEXT            send a text that starts with a slash
        """;

    /// <summary>Does it; false to leave. What goes wrong is told, and the chat goes on.</summary>
    public async Task<bool> RunAsync(string line, CancellationToken cancel)
    {
        try
        {
            return await DoAsync(line, cancel);
        }
        catch (Exception error) when (error is ParleyRefusalException or ParleyUnreachableException or IOException)
        {
            view.Tell($"! {error.Message}");
            return true;
        }
    }

    private async Task<bool> DoAsync(string line, CancellationToken cancel)
    {
        var (verb, rest) = line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var first, var second]
            ? (first, second)
            : (line.Trim(), "");
        switch (verb)
        {
            case "":
                break;
            case "/quit":
                return false;
            case "/help":
                view.Tell(Help);
                break;
            case "/older":
                await OlderAsync(cancel);
                break;
            case "/edit":
                await OnAsync(rest, (message, text) => room.Client.EditAsync(message, text, cancel));
                break;
            case "/remove":
                await OnAsync(rest, (message, _) => room.Client.RemoveAsync(room.Id, message.Id, cancel));
                break;
            case "/who":
                await WhoAsync(cancel);
                break;
            case "/retry":
                await OnFailedAsync(item => room.Client.RetryAsync(item.Id, cancel), cancel);
                break;
            case "/discard":
                await OnFailedAsync(item => room.Client.DiscardAsync(item.Id, cancel), cancel);
                break;
            case "/now":
                room.Client.RetryNow();
                break;
            case ['/', not '/', ..]:
                view.Tell($"There is no {verb}. /help lists what there is.");
                break;
            default:
                var text = line.StartsWith("//", StringComparison.Ordinal) ? line[1..] : line;
                await room.Client.SendAsync(room.Id, text, cancel);
                break;
        }

        return true;
    }

    private async Task OlderAsync(CancellationToken cancel)
    {
        var page = await room.Client.HistoryAsync(room.Id, cancel: cancel);
        foreach (var message in page.Items)
            view.Tell(ChatText.LineOf(room, message));
        if (!page.HasBefore)
            view.Tell("(the beginning)");
    }

    private async Task OnAsync(string rest, Func<Message, string, Task> act)
    {
        var message = room.LastOwn;
        if (rest.Split(' ', 2) is [['#', .. var digits], ..] words && long.TryParse(digits, out var number))
        {
            message = room.Find(number);
            rest = words.Length > 1 ? words[1] : "";
        }

        if (message is null)
            view.Tell("There is no such message here.");
        else
            await act(message, rest);
    }

    private async Task WhoAsync(CancellationToken cancel)
    {
        if (room.LastOwn is not { } message)
        {
            view.Tell("You have not said anything here.");
            return;
        }

        var receipts = await room.Client.ReceiptsOfAsync(message, cancel);
        view.Tell($"#{message.Number} {ChatText.WordOf(receipts.Status)}");
        foreach (var receipt in receipts.Items)
        {
            var delivered = receipt.DeliveredAt is { } at ? $"delivered {ChatText.TimeOf(at)}" : "not delivered";
            var read = receipt.ReadAt is { } then ? $", read {ChatText.TimeOf(then)}" : "";
            view.Tell($"  {room.NameOf(receipt.AccountId)}: {delivered}{read}");
        }
    }

    private async Task OnFailedAsync(Func<OutboxItem, Task<bool>> act, CancellationToken cancel)
    {
        var failed = (await room.Client.OutboxAsync(room.Id, cancel))
            .Where(item => item.State is OutboxState.Failed or OutboxState.NeedsConfirmation).ToList();
        if (failed.Count == 0)
            view.Tell("Nothing has failed.");
        foreach (var item in failed)
            await act(item);
    }
}
