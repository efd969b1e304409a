using Parley.Client;
using Parley.Contract;

namespace Parley.Cli.Chat;

/// <summary>
/// One line an event, for pipes and tests. A receipt for several messages is one line, for the last of them.
/// </summary>
internal sealed class LinesView(ChatRoom room, TextWriter output) : IChatView
{
    private const int FirstCount = 20;

    private readonly Dictionary<long, MessageStatus> _told = [];
    private readonly HashSet<MessageId> _shown = [];
    private string _connection = "";
    private string _presence = "";

    public async Task OpenAsync(CancellationToken cancel)
    {
        _shown.UnionWith(room.Messages.Select(message => message.Id));
        foreach (var message in room.Messages.TakeLast(FirstCount))
            Tell(ChatText.LineOf(room, message));
        foreach (var message in room.Messages.Where(room.IsOwn))
            _told[message.Number] = room.Client.StatusOf(message);
        foreach (var item in await room.Client.OutboxAsync(room.Id, cancel))
            Tell(ChatText.LineOf(item));
        await room.ReadAsync(cancel);
    }

    public async Task ShowAsync(ClientEvent moved, CancellationToken cancel)
    {
        switch (moved)
        {
            case ClientEvent.MessageMoved { Message: var message, Before: var before }
                when message.ConversationId == room.Id:
                Show(message, before);
                await room.ReadAsync(cancel);
                break;
            case ClientEvent.ReceiptMoved { Receipt: var receipt } when receipt.ConversationId == room.Id:
                ShowStatus();
                break;
            case ClientEvent.OutboxMoved { Item: var item } when item.ConversationId == room.Id:
                Show(item);
                break;
            case ClientEvent.TypingMoved { Typing: var typing } when typing.ConversationId == room.Id:
                Tell($"({room.Other.Handle} {(typing.AccountIds.Count > 0 ? "types" : "stopped typing")})");
                break;
            case ClientEvent.PresenceMoved { Presence: var presence }:
                Show(presence);
                break;
            case ClientEvent.NoticeArrived { Notice: var notice } when notice.ConversationId == room.Id:
                Tell($"{ChatText.TickOf(MessageStatus.Expired)} #{notice.Number} expired");
                break;
            case ClientEvent.ConnectionMoved { State: var state }:
                Show(state);
                break;
            case ClientEvent.Trouble { Error: var error }:
                Tell($"! {error.Message}");
                break;
        }
    }

    public void Tell(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    public Task RefreshAsync(string typed, CancellationToken cancel) => Task.CompletedTask;

    public void Dispose() => output.Flush();

    private void Show(Message message, Message? before)
    {
        var name = room.NameOf(message.AuthorId);
        var isNew = before is null && _shown.Add(message.Id);
        if (isNew)
            Tell(ChatText.LineOf(room, message));
        else if (before is null)
            return;
        else if (message.RemovedAt is not null && before.RemovedAt is null)
            Tell($"(#{message.Number} removed)");
        else if (message.Version > before.Version)
            Tell($"(#{message.Number} edited by {name}: {ChatText.Clean(message.Body ?? "")})");
        else if (message.ExpiredAt is not null && before.ExpiredAt is null)
            Tell($"{ChatText.TickOf(MessageStatus.Expired)} #{message.Number} expired");
        if (isNew && room.IsOwn(message))
            ShowStatus();
    }

    private void ShowStatus()
    {
        Message? last = null;
        foreach (var message in room.Messages.Where(room.IsOwn))
        {
            var status = room.Client.StatusOf(message);
            if (_told.TryGetValue(message.Number, out var told) && told >= status)
                continue;

            _told[message.Number] = status;
            if (last is not null && room.Client.StatusOf(last) != status)
                Tell(last);
            last = message;
        }

        if (last is not null)
            Tell(last);
    }

    private void Tell(Message message)
    {
        var status = room.Client.StatusOf(message);
        Tell($"{ChatText.TickOf(status)} #{message.Number} {ChatText.WordOf(status)}");
    }

    private void Show(OutboxItem item)
    {
        if (item.State is OutboxState.Queued or OutboxState.Failed or OutboxState.NeedsConfirmation)
            Tell(ChatText.LineOf(item));
    }

    private void Show(Presence presence)
    {
        var line = $"({room.NameOf(presence.AccountId)}: {ChatText.LineOf(presence)})";
        if (line != _presence)
            Tell(line);
        _presence = line;
    }

    /// <summary>Nothing while healthy; when it is healthy again, once.</summary>
    private void Show(ConnectionState state)
    {
        var line = ChatText.LineOf(state, TimeProvider.System.GetUtcNow());
        if (line == _connection)
            return;

        Tell(line.Length > 0 ? $"({line})" : "(connected)");
        _connection = line;
    }
}
