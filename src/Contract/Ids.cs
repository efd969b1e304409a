using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>Identifies a person's account. Made by the server; UUIDv7; a lower-case UUID string on the wire.</summary>
[JsonConverter(typeof(IdConverter<AccountId>))]
public readonly record struct AccountId(Guid Value) : IId<AccountId>
{
    /// <inheritdoc/>
    public static AccountId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>Identifies a conversation. Made by the server; UUIDv7; a lower-case UUID string on the wire.</summary>
[JsonConverter(typeof(IdConverter<ConversationId>))]
public readonly record struct ConversationId(Guid Value) : IId<ConversationId>
{
    /// <inheritdoc/>
    public static ConversationId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>
/// Identifies a message, and is its idempotency key for ever. Made by the author's client before the first attempt
/// to send; UUIDv7 recommended (any UUID but nil is accepted); a lower-case UUID string on the wire.
/// </summary>
/// <remarks>Rule MS-1; requirement RT-04.</remarks>
[JsonConverter(typeof(IdConverter<MessageId>))]
public readonly record struct MessageId(Guid Value) : IId<MessageId>
{
    /// <inheritdoc/>
    public static MessageId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>Identifies one signed-in device (a session). Made by the server; a lower-case UUID string on the
/// wire.</summary>
[JsonConverter(typeof(IdConverter<DeviceId>))]
public readonly record struct DeviceId(Guid Value) : IId<DeviceId>
{
    /// <inheritdoc/>
    public static DeviceId From(Guid value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>What all ids share: a UUID inside, a plain string outside.</summary>
public interface IId<TSelf> where TSelf : struct, IId<TSelf>
{
    /// <summary>The UUID.</summary>
    Guid Value { get; }

    /// <summary>Wraps a UUID.</summary>
    static abstract TSelf From(Guid value);
}

/// <summary>Writes an id as a plain UUID string; reads nothing else.</summary>
public sealed class IdConverter<TId> : JsonConverter<TId> where TId : struct, IId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value)
            ? TId.From(value)
            : throw new JsonException("Expected a UUID string.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override TId ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Guid.TryParseExact(reader.GetString(), "D", out var value)
            ? TId.From(value)
            : throw new JsonException("Expected a UUID string.");

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value.ToString());
}
