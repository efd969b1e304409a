using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>Says that the caller types, or stopped. Never stored. Rule TY-1; requirement TY-01.</summary>
public sealed record TypingRequest(ConversationId ConversationId, bool IsTyping);

/// <summary>Body of <c>POST /conversations/{id}/typing</c>.</summary>
public sealed record TypingBody(bool IsTyping);

/// <summary>Who types in a conversation right now, without the receiver; empty when nobody does. At most 20 are named.
/// Pushed as <c>typing</c> when it moves, and again while signs come: what is not repeated for 6 s is over. Rules TY-1
/// and TY-2.</summary>
public sealed record Typing(ConversationId ConversationId, IReadOnlyList<AccountId> AccountIds);

/// <summary>Names the people whose presence this connection looks at; replaces the former list. Rule PR-3.</summary>
public sealed record WatchPresenceRequest(IReadOnlyList<AccountId> AccountIds);

/// <summary>How a person appears. Requirement PR-01, PR-07.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PresenceState>))]
public enum PresenceState
{
    /// <summary>No connection for 30 seconds, or invisible.</summary>
    Offline,

    /// <summary>Connected.</summary>
    Online,

    /// <summary>Connected, chose away.</summary>
    Away,

    /// <summary>Connected, chose busy.</summary>
    Busy,
}

/// <summary>How one person appears to the receiver.</summary>
/// <param name="AccountId">Who.</param>
/// <param name="State">How.</param>
/// <param name="LastSeenAt">Server time of the last connection's end; null while online, when never, and when either
/// side hides it.</param>
public sealed record Presence(AccountId AccountId, PresenceState State, DateTimeOffset? LastSeenAt);

/// <summary>Presences that moved, or were asked for. Pushed as <c>presence</c>; the answer of a watch.</summary>
public sealed record Presences(IReadOnlyList<Presence> Items);

/// <summary>Sets the caller's settings; members left out stay.</summary>
public sealed record SetSettingsRequest(PresenceChoice? Presence, bool? ShowsLastSeen, bool? SendsReadReceipts);

/// <summary>Pushed as <c>goodbye</c> right before the server closes a connection. Rule LV-4.</summary>
/// <param name="Reason">Why.</param>
/// <param name="ReconnectAfterMs">Come back after this many milliseconds; null: do not come back before signing in
/// again.</param>
public sealed record Goodbye(GoodbyeReason Reason, int? ReconnectAfterMs);

/// <summary>Why a connection is closed by the server.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<GoodbyeReason>))]
public enum GoodbyeReason
{
    /// <summary>The server restarts.</summary>
    ShuttingDown,

    /// <summary>The session was revoked, the account deactivated, or the password changed.</summary>
    Revoked,

    /// <summary>Too many refused calls.</summary>
    Flooding,
}
