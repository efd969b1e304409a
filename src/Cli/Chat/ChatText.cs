using System.Globalization;
using System.Text;
using Parley.Client;
using Parley.Contract;

namespace Parley.Cli.Chat;

/// <summary>Pure: how things read on a terminal.</summary>
internal static class ChatText
{
    public static string TimeOf(DateTimeOffset at) => at.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Another person's text must not steer the terminal: no control characters but the line break.</summary>
    public static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.Value == '\n' ? "\n      " : Steers(rune) ? "\u00b7" : rune.ToString()));

    public static string BodyOf(Message message) =>
        message.RemovedAt is not null ? "(removed)"
        : Clean(message.Body ?? "") + (message.EditedAt is null ? "" : " (edited)");

    public static string LineOf(ChatRoom room, Message message) =>
        $"[{TimeOf(message.SentAt)}] {room.NameOf(message.AuthorId)}: {BodyOf(message)} (#{message.Number})";

    public static string TickOf(MessageStatus status) => status switch
    {
        MessageStatus.Sent => "✓",
        MessageStatus.Expired => "⌛",
        MessageStatus.Delivered or MessageStatus.Read => "✓✓",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Every status has a tick."),
    };

    public static string WordOf(MessageStatus status) => status.ToString().ToLowerInvariant();

    public static string LineOf(OutboxItem item) => item.State switch
    {
        OutboxState.Failed => $"! not sent: {Clean(item.Body)} ({item.Refusal?.Detail}) /retry or /discard",
        OutboxState.NeedsConfirmation => $"! older than a week: {Clean(item.Body)} /retry sends it, /discard does not",
        _ => $"… {Clean(item.Body)}",
    };

    /// <summary>Empty while all is well.</summary>
    public static string LineOf(ConnectionState state, DateTimeOffset now) => state switch
    {
        ConnectionState.Online => "",
        ConnectionState.Connecting { Attempt: 0 } => "",
        ConnectionState.Connecting => "connecting …",
        ConnectionState.Waiting waiting => $"no connection; next try in {Seconds(waiting.Until, now)} s",
        ConnectionState.Slow slow => $"no connection; next try in {Seconds(slow.Until, now)} s, /now tries at once",
        ConnectionState.FallbackHttp => "slow connection; messages take a few seconds longer",
        ConnectionState.SignedOut => "signed out; start again with your password, nothing is lost",
        _ => "offline",
    };

    public static string LineOf(Presence presence) => presence switch
    {
        { State: PresenceState.Offline, LastSeenAt: { } at } => $"last seen {TimeOf(at)}",
        _ => presence.State.ToString().ToLowerInvariant(),
    };

    /// <summary>Controls, line and paragraph separators, and what turns the direction of writing.</summary>
    private static bool Steers(Rune rune) =>
        Rune.IsControl(rune) || rune.Value is (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static int Seconds(DateTimeOffset until, DateTimeOffset now) =>
        Math.Max(0, (int)Math.Ceiling((until - now).TotalSeconds));
}
