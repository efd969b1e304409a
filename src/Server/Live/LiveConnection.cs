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
    private Queue<Frame>? _waiting;
    private int _waitingBytes;
    private bool _isWriting;
    private bool _isClosed;

    public string Id => context.ConnectionId;

    /// <summary>Who it belongs to; replaced when a check of the session finds another role.</summary>
    public Caller Caller { get; set; } = caller;

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
            context.Abort();
            return false;
        }

        Write(frame);
        return true;
    }

    public void Abort()
    {
        lock (_gate)
        {
            _isClosed = true;
            _waiting = null;
        }

        context.Abort();
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
