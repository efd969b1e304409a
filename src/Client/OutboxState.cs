using System.Text.Json.Serialization;
using Parley.Contract;

namespace Parley.Client;

/// <summary>Where a message in the outbox stands.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OutboxState>))]
public enum OutboxState
{
    /// <summary>On this device's disk; waits for its turn, for the connection, or for the next attempt.</summary>
    Queued,

    /// <summary>On its way; no answer yet.</summary>
    Sending,

    /// <summary>On the server's disk.</summary>
    Sent,

    /// <summary>Refused. The text is kept: retry or discard.</summary>
    Failed,

    /// <summary>
    /// Waited for more than 7 days: sent only after <see cref="ParleyClient.ConfirmAsync"/>. Or discard.
    /// </summary>
    NeedsConfirmation,

    /// <summary>Given up by the person.</summary>
    Discarded,
}
