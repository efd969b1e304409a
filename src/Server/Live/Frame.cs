using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Parley.Contract;
using Parley.Server.Fanout;

namespace Parley.Server.Live;

/// <summary>A push as the wire carries it: a record of SignalR's JSON protocol, serialised once however many receive
/// it.</summary>
internal sealed class Frame
{
    private const byte RecordSeparator = 0x1E;

    private Frame(byte[] bytes)
    {
        Length = bytes.Length;
        Message = new([new SerializedMessage("json", bytes)]);
    }

    public int Length { get; }

    public SerializedHubMessage Message { get; }

    public static Frame Of(Push push)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("type"u8, HubProtocolConstants.InvocationMessageType);
            writer.WriteString("target"u8, push.Target);
            writer.WriteStartArray("arguments"u8);
            JsonSerializer.Serialize(writer, push.Payload, push.Payload.GetType(), WireJson.Options);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.Write([RecordSeparator]);
        return new(buffer.WrittenSpan.ToArray());
    }
}
