using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>
/// Keeps a link to the server, for ever: opens it, notices its end, waits as <see cref="ReconnectSchedule"/> says, and
/// meanwhile falls back to single requests. It knows no message; what to do once linked is handed in.
/// </summary>
internal sealed class Connection(Mailbox mailbox, ITransport transport, IParleyClient pushes, Random chance)
{
    /// <summary>A call without an answer for this long counts as a lost connection.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);

    private volatile ILiveLink? _link;
    private CancellationTokenSource? _waiting;
    private volatile ConnectionState _state = new ConnectionState.Offline();
    private bool _isStarted;

    /// <summary>Brings the device up to date through the given door; throws when that fails.</summary>
    public required Func<IDoor, CancellationToken, Task> CatchUp { get; init; }

    /// <summary>Told in the mailbox.</summary>
    public required Action<ConnectionState> Moved { get; init; }

    public ConnectionState State => _state;

    public bool IsLinked => _link is not null;

    /// <summary>Starts keeping a link; does nothing while it does already. Starts again after a sign-out.</summary>
    public void Start() => mailbox.Post(() =>
    {
        if (_isStarted)
            return;

        _isStarted = true;
        mailbox.Start(KeepAsync);
    });

    /// <summary>Ends the present wait.</summary>
    public void RetryNow() => mailbox.Post(() => _waiting?.Cancel());

    /// <summary>Calls through the link; when there is none or it fails, over HTTP.</summary>
    public async Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class
    {
        if (_link is { } link)
        {
            try
            {
                return await new LinkDoor(this, link).CallAsync(verb, request, cancel).ConfigureAwait(false);
            }
            catch (ParleyUnreachableException) when (verb.IsRepeatable)
            {
            }
        }

        return await new HttpDoor(this).CallAsync(verb, request, cancel).ConfigureAwait(false);
    }

    /// <summary>Calls through the link only; for what is not worth a request of its own.</summary>
    public async Task<TReply?> CallIfLinkedAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class =>
        _link is { } link
            ? await new LinkDoor(this, link).CallAsync(verb, request, cancel).ConfigureAwait(false)
            : null;

    /// <summary>Closes the link, if there is one. It opens again only when the loop still runs.</summary>
    public async Task CloseAsync()
    {
        if (_link is { } link)
            await link.DisposeAsync().ConfigureAwait(false);
    }

    private async Task KeepAsync(CancellationToken cancel)
    {
        var failed = 0;
        while (!cancel.IsCancellationRequested)
        {
            Move(new ConnectionState.Connecting(failed));
            var end = await LinkAsync(cancel).ConfigureAwait(false);
            if (end.IsSignedOut)
            {
                mailbox.Post(() => _isStarted = false);
                Move(new ConnectionState.SignedOut(end.Reason));
                return;
            }

            failed = end.WasOnline ? 1 : failed + 1;
            var delay = end.After ?? ReconnectSchedule.DelayBefore(failed, NextDouble());
            var until = mailbox.Time.GetUtcNow() + delay;
            ConnectionState resting = ReconnectSchedule.IsSlow(failed)
                ? new ConnectionState.Slow(until)
                : new ConnectionState.Waiting(failed, until);
            Move(resting);
            await WaitAsync(resting, delay, until, end.After is null, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>One link from opening to its end.</summary>
    private async Task<LinkEnd> LinkAsync(CancellationToken cancel)
    {
        var mine = new LinkPushes(mailbox, pushes);
        var wasOnline = false;
        ILiveLink? link = null;
        try
        {
            using var opening = new CancellationTokenSource(CallTimeout, mailbox.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(opening.Token, cancel);
            link = await transport.OpenAsync(mine, both.Token).ConfigureAwait(false);
            _link = link;
            await CatchUp(new LinkDoor(this, link), cancel).ConfigureAwait(false);
            wasOnline = true;
            Move(new ConnectionState.Online());
            await Waits.ForAsync(link.Closed, cancel).ConfigureAwait(false);
        }
        catch (ParleyRefusalException refusal) when (refusal.Code == RefusalCode.Unauthenticated)
        {
            mine.SignOut();
        }
        catch (ParleyRefusalException refusal)
        {
            mine.ReturnAfter(refusal.RetryAfter);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // However an attempt fails, the answer is the next attempt.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            _link = null;
            mine.Close();
            if (link is not null)
                await link.DisposeAsync().ConfigureAwait(false);
        }

        return mine.End(wasOnline);
    }

    /// <summary>
    /// Waits for the next attempt. Where HTTP works meanwhile, the device is kept up to date by asking. How long is
    /// measured by the steady clock: the wall clock, which only tells people until when, may be set meanwhile.
    /// </summary>
    private async Task WaitAsync(
        ConnectionState resting, TimeSpan delay, DateTimeOffset until, bool mayFallBack, CancellationToken cancel)
    {
        var since = mailbox.Time.GetTimestamp();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        mailbox.Post(() => _waiting = waiting);
        try
        {
            while (true)
            {
                var fallsBack = mayFallBack
                    && await CatchUpOverHttpAsync(resting, until, waiting.Token).ConfigureAwait(false);
                var left = delay - mailbox.Time.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                    return;

                var pause = fallsBack && left > PollEvery ? PollEvery : left;
                await Waits.ForAsync(pause, mailbox.Time, waiting.Token).ConfigureAwait(false);
                if (pause == left)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // "Retry now".
        }
        finally
        {
            mailbox.Post(() => _waiting = null);
        }
    }

    private async Task<bool> CatchUpOverHttpAsync(
        ConnectionState resting, DateTimeOffset until, CancellationToken cancel)
    {
        try
        {
            await CatchUp(new HttpDoor(this), cancel).ConfigureAwait(false);
            if (_state is not ConnectionState.FallbackHttp)
                Move(new ConnectionState.FallbackHttp(until));
            return true;
        }
        catch (Exception error) when (error is ParleyUnreachableException or ParleyRefusalException)
        {
            if (_state is ConnectionState.FallbackHttp)
                Move(resting);
            return false;
        }
    }

    private async Task<TReply> BoundedAsync<TReply>(
        Func<CancellationToken, Task<TReply>> call, string verb, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(CallTimeout, mailbox.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            var answer = call(both.Token);
            await Waits.ForAsync(answer, both.Token).ConfigureAwait(false);
            return await answer.ConfigureAwait(false);
        }
        catch (Exception error) when (error is not ParleyRefusalException && !cancel.IsCancellationRequested)
        {
            throw new ParleyUnreachableException($"The answer to '{verb}' did not arrive.", error);
        }
    }

    private double NextDouble()
    {
        lock (chance)
            return chance.NextDouble();
    }

    private void Move(ConnectionState state) => mailbox.Post(() =>
    {
        _state = state;
        Moved(state);
    });

    /// <summary>The link's door. A call that is not answered, or not believed, closes the link.</summary>
    private sealed class LinkDoor(Connection connection, ILiveLink link) : IDoor
    {
        public async Task<TReply> CallAsync<TRequest, TReply>(
            Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
            where TReply : class
        {
            try
            {
                return await connection.BoundedAsync(
                    bounded => link.CallAsync(verb, request, bounded), verb.Name, cancel).ConfigureAwait(false);
            }
            catch (ParleyUnreachableException)
            {
                await link.DisposeAsync().ConfigureAwait(false);
                throw;
            }
            catch (ParleyRefusalException refusal) when (refusal.Code == RefusalCode.Unauthenticated)
            {
                await link.DisposeAsync().ConfigureAwait(false);
                throw new ParleyUnreachableException("The link's session has ended.", refusal);
            }
        }
    }

    private sealed class HttpDoor(Connection connection) : IDoor
    {
        public Task<TReply> CallAsync<TRequest, TReply>(
            Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
            where TReply : class =>
            connection.BoundedAsync(
                bounded => connection.Transport.RequestAsync(verb, request, bounded), verb.Name, cancel);
    }

    private ITransport Transport => transport;
}
