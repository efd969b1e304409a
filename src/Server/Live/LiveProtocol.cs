using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Parley.Contract;

namespace Parley.Server.Live;

/// <summary>
/// SignalR's JSON protocol, stricter where ours is. A record that nests too deep closes the connection (rule WR-3). A
/// call that no verb can take (unknown target, wrong arguments, a stream asked for) would be answered with the
/// framework's own error, past our filter; here it becomes a call that is refused like any other, and counted (rules
/// WR-4, WR-6).
/// </summary>
internal sealed class LiveProtocol(IOptions<JsonHubProtocolOptions> options) : IHubProtocol
{
    private const byte Separator = 0x1E;

    private readonly JsonHubProtocol _json = new(options);

    public string Name => _json.Name;

    public int Version => _json.Version;

    public TransferFormat TransferFormat => _json.TransferFormat;

    public bool IsVersionSupported(int version) => _json.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => _json.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => _json.WriteMessage(message, output);

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        CheckDepth(input);
        var before = input.Length;
        if (!_json.TryParseMessage(ref input, binder, out message))
        {
            if (input.Length == before)
                return false;

            // A type it does not know: read, but taken for unfinished, so nothing behind it would ever be answered.
            message = PingMessage.Instance;
        }

        if (message is InvocationBindingFailureMessage or StreamInvocationMessage
            || message is InvocationMessage call && call.Arguments.Contains(null))
        {
            var id = ((HubInvocationMessage)message).InvocationId;
            message = new InvocationMessage(id, nameof(LiveHub.Misshapen), []);
        }

        return true;
    }

    /// <summary>Counting is fast and enough for all that honest clients send; only who opens much is read
    /// twice.</summary>
    private static void CheckDepth(ReadOnlySequence<byte> input)
    {
        if (input.PositionOf(Separator) is not { } end)
            return;

        var record = input.Slice(0, end);
        var opened = 0;
        foreach (var part in record)
            opened += part.Span.Count((byte)'{') + part.Span.Count((byte)'[');
        if (opened <= Limits.JsonDepthMax)
            return;

        var reader = new Utf8JsonReader(record, new() { MaxDepth = Limits.JsonDepthMax });
        try
        {
            while (reader.Read())
            {
                // Only its depth is of interest.
            }
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("A record nests too deep, or is no JSON.", error);
        }
    }
}
