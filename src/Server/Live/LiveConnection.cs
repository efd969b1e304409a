using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Parley.Server.Kernel;

namespace Parley.Server.Live;

/// <summary>
/// One open connection and its queue. Nobody waits for it: a frame is written at once when the transport takes it,
/// queued while it does not, and a reader whose queue is full is cut off, to come back and sync (rule LV-3).
/// </summary>
internal sealed class LiveConnection(HubConnectionContext context, Caller caller)
{
    public const int WaitingFramesMax = 256;
    public const int WaitingBytesMax = 512 * 1024;

    private readonly Lock _gate = new();
    private readonly IHttpRequestLifetimeFeature? _transport =
        context.GetHttpContext()?.Features.Get<IHttpRequestLifetimeFeature>();
    private Queue<Frame>? _waiting;
    private int _waitingBytes;
    private bool _isWriting;
    private bool _isClosed;
    private bool _isGone;

    public string Id => context.ConnectionId;

    /// <summary>Who it belongs to; replaced when a check of the session finds another role.</summary>
    public Caller Caller { get; set; } = caller;

    /// <summary>Completes when the last call that came has begun. Only the loop that takes calls touches it.</summary>
    public Task Begun { get; set; } = Task.CompletedTask;

    /// <summary>Whether the transport does not take what is written.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate)
                return _waiting is { Count: > 0 };
        }
    }

    /// <summary>Enqueues and returns. False when the connection is, or has just been, cut off.</summary>
    public bool Enqueue(Frame frame)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;

            if (_isWriting)
            {
                if (TryWait(frame))
                    return true;

                _isClosed = true;
                _waiting = null;
            }
            else
            {
                _isWriting = true;
            }
        }

        if (_isClosed)
        {
            Cut();
            return false;
        }

        Write(frame);
        return true;
    }

    /// <summary>Ends it properly: what is on its way still arrives, if the other side reads.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isClosed = true;
            _waiting = null;
        }

        context.Abort();
    }

    /// <summary>Ends it now. A proper end waits for the transport, which waits for a reader who does not
    /// read.</summary>
    public void Cut()
    {
        Abort();
        lock (_gate)
        {
            if (!_isGone)
                _transport?.Abort();
        }
    }

    /// <summary>It has ended: its transport may be somebody else's from here on.</summary>
    public void Gone()
    {
        lock (_gate)
            _isGone = true;
    }

    private bool TryWait(Frame frame)
    {
        _waiting ??= new();
        if (_waiting.Count >= WaitingFramesMax || _waitingBytes + frame.Length > WaitingBytesMax)
            return false;

        _waiting.Enqueue(frame);
        _waitingBytes += frame.Length;
        return true;
    }

    /// <summary>Writes until the queue is empty, or until the transport makes it wait.</summary>
    private void Write(Frame? frame)
    {
        while (frame is not null)
        {
            var write = context.WriteAsync(frame.Message, context.ConnectionAborted);
            if (!write.IsCompletedSuccessfully)
            {
                // Its end is the connection's end: nothing to do but not to write any more.
                _ = ContinueAsync(write);
                return;
            }

            frame = Next();
        }
    }

    private async Task ContinueAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (OperationCanceledException)
        {
            Abort();
            return;
        }

        Write(Next());
    }

    private Frame? Next()
    {
        lock (_gate)
        {
            if (_waiting is null || !_waiting.TryDequeue(out var frame))
            {
                _isWriting = false;
                return null;
            }

            _waitingBytes -= frame.Length;
            return frame;
        }
    }
}
