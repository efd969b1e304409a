using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Parley.Client.Connecting;

/// <summary>Opens WebSockets for SignalR: no negotiation, no other transports, text frames.</summary>
internal sealed class WebSocketConnectionFactory : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken).ConfigureAwait(false);
            return new WebSocketConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class WebSocketConnection : DefaultConnectionContext
    {
        private readonly WebSocket _socket;
        private readonly CancellationTokenSource _ending = new();
        private readonly Task _pumps;

        public WebSocketConnection(WebSocket socket)
        {
            _socket = socket;
            var (incoming, outgoing) = (new Pipe(), new Pipe());
            Transport = new Ends(incoming.Reader, outgoing.Writer);
            _pumps = Task.WhenAll(ReceiveAsync(incoming.Writer), SendAsync(outgoing.Reader));
        }

        public override void Abort(ConnectionAbortedException abortReason) => _ending.Cancel();

        public override async ValueTask DisposeAsync()
        {
            await Transport.Output.CompleteAsync().ConfigureAwait(false);
            await Transport.Input.CompleteAsync().ConfigureAwait(false);
            await _ending.CancelAsync().ConfigureAwait(false);
            await _pumps.ConfigureAwait(false);
            _socket.Dispose();
            _ending.Dispose();
            await base.DisposeAsync().ConfigureAwait(false);
        }

        private async Task ReceiveAsync(PipeWriter output)
        {
            try
            {
                while (true)
                {
                    var frame = await _socket.ReceiveAsync(output.GetMemory(4096), _ending.Token).ConfigureAwait(false);
                    if (frame.MessageType == WebSocketMessageType.Close)
                        break;

                    output.Advance(frame.Count);
                    if (!frame.EndOfMessage)
                        continue;

                    var flushed = await output.FlushAsync(_ending.Token).ConfigureAwait(false);
                    if (flushed.IsCompleted)
                        break;
                }
            }
            catch (Exception error) when (error is WebSocketException or OperationCanceledException)
            {
                // However it ends, the other side of the pipe sees its end.
            }
            finally
            {
                await output.CompleteAsync().ConfigureAwait(false);
                await _ending.CancelAsync().ConfigureAwait(false);
            }
        }

        private async Task SendAsync(PipeReader input)
        {
            try
            {
                while (true)
                {
                    var read = await input.ReadAsync(_ending.Token).ConfigureAwait(false);
                    if (!read.Buffer.IsEmpty)
                        await SendFrameAsync(read.Buffer).ConfigureAwait(false);
                    input.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                        break;
                }

                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token)
                    .ConfigureAwait(false);
            }
            catch (Exception error) when (error is WebSocketException or OperationCanceledException)
            {
            }
            finally
            {
                await input.CompleteAsync().ConfigureAwait(false);
            }
        }

        private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

        private async Task SendFrameAsync(System.Buffers.ReadOnlySequence<byte> buffer)
        {
            foreach (var segment in buffer)
                await _socket.SendAsync(segment, WebSocketMessageType.Text, false, _ending.Token).ConfigureAwait(false);
            await _socket.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, true, _ending.Token)
                .ConfigureAwait(false);
        }
    }
}
