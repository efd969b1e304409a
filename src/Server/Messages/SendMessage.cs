using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>Sends a message: stored with whatever else arrived while the last commit ran, then acknowledged.</summary>
internal sealed class SendMessage(IDatabase database, SendBatch batch, IOptions<MessagesOptions> options)
{
    private readonly GroupCommit<Sending, Outcome<MessageSent>> _commit = new(database, batch.WriteAsync);

    public async Task<Outcome<MessageSent>> RunAsync(Caller caller, SendMessageRequest request)
    {
        if (request.Id.Value == Guid.Empty)
            return Refuse.Invalid("id: a message needs an id of its own; make a UUIDv7.");

        if (MessageRules.WhyNotThisBody(request.Body, options.Value.BodyLengthMax) is { } refusal)
            return refusal;

        var sending = new Sending(caller, request, HashOf(request.ConversationId, request.Body));
        return await _commit.SubmitAsync(request.ConversationId.Value, sending);
    }

    private static long HashOf(ConversationId conversation, string body)
    {
        Span<byte> digest = stackalloc byte[32];
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(body)];
        conversation.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(body, bytes.AsSpan(16));
        SHA256.HashData(bytes, digest);
        return BinaryPrimitives.ReadInt64BigEndian(digest);
    }
}
