using System.Text;
using Parley.Client;
using Parley.Contract;

namespace Parley.Cli.Chat;

/// <summary>
/// The last screenful, a line about the other person, and what is being typed; drawn whole each time.
/// </summary>
internal sealed class ScreenView : IChatView
{
    private const string Dim = "\u001b[2m";
    private const string Blue = "\u001b[94m";
    private const string Red = "\u001b[91m";
    private const string Plain = "\u001b[0m";

    private readonly ChatRoom _room;
    private readonly List<string> _answers = [];
    private string _presence = "";
    private string _typed = "";
    private bool _otherTypes;

    public ScreenView(ChatRoom room)
    {
        _room = room;
        Console.Write("\u001b[?1049h"); // The alternate screen: leaving restores what was there.
    }

    public async Task OpenAsync(CancellationToken cancel)
    {
        await DrawAsync(cancel);
        await _room.ReadAsync(cancel);
    }

    public async Task ShowAsync(ClientEvent moved, CancellationToken cancel)
    {
        switch (moved)
        {
            case ClientEvent.TypingMoved { Typing: var typing } when typing.ConversationId == _room.Id:
                _otherTypes = typing.AccountIds.Count > 0;
                break;
            case ClientEvent.PresenceMoved { Presence: var presence } when presence.AccountId == _room.Other.Id:
                _presence = ChatText.LineOf(presence);
                break;
            case ClientEvent.Trouble { Error: var error }:
                Tell(error.Message);
                break;
            case ClientEvent.MessageMoved:
                await _room.ReadAsync(cancel);
                break;
        }

        await DrawAsync(cancel);
    }

    public void Tell(string text) => _answers.AddRange(text.Split('\n'));

    public Task RefreshAsync(string typed, CancellationToken cancel)
    {
        if (typed.Length > 0 && _typed.Length == 0)
            _answers.Clear();
        _typed = typed;
        return DrawAsync(cancel);
    }

    public void Dispose() => Console.Write("\u001b[?1049l");

    private async Task DrawAsync(CancellationToken cancel)
    {
        var (width, height) = (Math.Max(20, Console.WindowWidth), Math.Max(6, Console.WindowHeight));
        var lines = new List<(string Text, string Colour)>();
        foreach (var message in _room.Messages.TakeLast(height))
            lines.AddRange(LinesOf(message));
        foreach (var item in await _room.Client.OutboxAsync(_room.Id, cancel))
            lines.Add((ChatText.LineOf(item), item.State == OutboxState.Failed ? Red : Dim));
        lines.AddRange(_answers.Select(answer => (answer, Dim)));

        var wrapped = lines.SelectMany(line => Wrap(line.Text, width).Select(text => (text, line.Colour)));
        var screen = new StringBuilder("\u001b[H\u001b[J");
        foreach (var (text, colour) in wrapped.TakeLast(height - 3))
            screen.Append(colour).Append(text).Append(Plain).Append("\r\n");

        var connection = ChatText.LineOf(_room.Client.Connection, TimeProvider.System.GetUtcNow());
        var status = _otherTypes ? $"{_room.Other.Handle} types …" : $"{_room.Other.Handle} {_presence}";
        screen.Append(connection.Length > 0 ? Red : Dim)
            .Append(Cut(connection.Length > 0 ? connection : status, width)).Append(Plain).Append("\r\n> ")
            .Append(_typed.Length < width - 3 ? _typed : _typed[^(width - 3)..]);
        Console.Write(screen);
    }

    private IEnumerable<(string Text, string Colour)> LinesOf(Message message)
    {
        if (!_room.IsOwn(message))
            return [(ChatText.LineOf(_room, message), Plain)];

        var status = _room.Client.StatusOf(message);
        var text = $"{ChatText.LineOf(_room, message)} {ChatText.TickOf(status)}";
        return [(text, status == MessageStatus.Read ? Blue : Plain)];
    }

    private static IEnumerable<string> Wrap(string text, int width) =>
        text.Split('\n').SelectMany(line =>
            line.Length == 0 ? [""] : line.Chunk(width - 1).Select(part => new string(part)));

    private static string Cut(string text, int width) => text.Length < width ? text : text[..(width - 1)];
}
