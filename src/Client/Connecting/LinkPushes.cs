using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>How a link ended.</summary>
/// <param name="WasOnline">Whether it had caught up: then counting attempts starts again.</param>
/// <param name="After">When the server wants the device back; null when it did not say.</param>
/// <param name="IsSignedOut">Whether not to come back.</param>
/// <param name="Reason">The server's reason, if it gave one.</param>
internal sealed record LinkEnd(bool WasOnline, TimeSpan? After, bool IsSignedOut, GoodbyeReason? Reason);

/// <summary>
/// The pushes of one link, each handed on in the mailbox. Once the link is closed nothing of it counts any more: a push
/// that dawdled may belong to an epoch that is over.
/// </summary>
internal sealed class LinkPushes(Mailbox mailbox, IParleyClient pushes) : IParleyClient
{
    private volatile bool _isClosed;
    private volatile bool _isSignedOut;
    private Goodbye? _goodbye;
    private TimeSpan? _after;

    public Task Changes(Changes changes) => Pass(() => pushes.Changes(changes));

    public Task Receipts(ReceiptsMoved receipts) => Pass(() => pushes.Receipts(receipts));

    public Task Account(AccountChanges changes) => Pass(() => pushes.Account(changes));

    public Task Typing(Typing typing) => Pass(() => pushes.Typing(typing));

    public Task Presence(Presences presences) => Pass(() => pushes.Presence(presences));

    public Task Heartbeat(Heartbeat heartbeat) => Pass(() => pushes.Heartbeat(heartbeat));

    public Task Goodbye(Goodbye goodbye)
    {
        _goodbye = goodbye;
        return Pass(() => pushes.Goodbye(goodbye));
    }

    public void Close() => _isClosed = true;

    public void SignOut() => _isSignedOut = true;

    public void ReturnAfter(TimeSpan? delay) => _after = delay;

    public LinkEnd End(bool wasOnline) => new(
        wasOnline,
        _goodbye?.ReconnectAfterMs is { } wait ? TimeSpan.FromMilliseconds(wait) : _after,
        _isSignedOut || _goodbye is { ReconnectAfterMs: null },
        _goodbye?.Reason);

    private Task Pass(Action push)
    {
        mailbox.Post(() =>
        {
            if (!_isClosed)
                push();
        });
        return Task.CompletedTask;
    }
}
