using System.Text.Json.Serialization;

namespace Parley.Contract;

/// <summary>
/// Why a request was refused. Codes are stable: they are never renamed and never change their meaning. Camel case on
/// the wire, in problem details (member <c>code</c>) and in hub replies alike.
/// </summary>
/// <remarks>Rule WR-5.</remarks>
[JsonConverter(typeof(CamelCaseEnumConverter<RefusalCode>))]
public enum RefusalCode
{
    /// <summary>The request is not of the documented shape; the detail names the member.</summary>
    Invalid,

    /// <summary>It is not there, or not yours to see: both read the same.</summary>
    NotFound,

    /// <summary>You may see it, but your role or right does not allow this.</summary>
    Forbidden,

    /// <summary>Sign in first: no token, or one that is expired, revoked or not ours.</summary>
    Unauthenticated,

    /// <summary>Handle and password do not match an active account. Says nothing about which was wrong.</summary>
    WrongCredentials,

    /// <summary>Too many failed attempts; <c>retryAfterSeconds</c> says when to try again.</summary>
    LockedOut,

    /// <summary>The password is shorter than 8 or longer than 256 characters, or one of the commonly used.</summary>
    WeakPassword,

    /// <summary>The one-time link or ticket is unknown, used or expired.</summary>
    LinkExpired,

    /// <summary>The request came from a web origin that is not on the allow-list.</summary>
    OriginNotAllowed,

    /// <summary>Too many requests; <c>retryAfterSeconds</c> says when to try again.</summary>
    TooManyRequests,

    /// <summary>The body is empty or only white space.</summary>
    Empty,

    /// <summary>The body has more graphemes than the configured bound.</summary>
    TooLong,

    /// <summary>The message id was used before, for another body, conversation or author.</summary>
    IdTaken,

    /// <summary>The conversation is archived: reopen it first.</summary>
    Archived,

    /// <summary>A moderator muted you here; <c>retryAfterSeconds</c> says until when.</summary>
    Muted,

    /// <summary>The message was removed; nothing more can be done with it.</summary>
    Removed,

    /// <summary>Somebody changed it since the version you saw; fetch it and decide again.</summary>
    VersionConflict,

    /// <summary>The handle, or another value that must be unique, is in use.</summary>
    AlreadyExists,

    /// <summary>The group has as many members as it may have.</summary>
    GroupFull,

    /// <summary>A group keeps at least one owner: name another first.</summary>
    LastOwner,

    /// <summary>Direct conversations have two fixed members.</summary>
    NotAGroup,

    /// <summary>The server is busy or its storage is; <c>retryAfterSeconds</c> says when to try again.</summary>
    Overloaded,

    /// <summary>The server's disk is full: nothing was stored. Reading still works.</summary>
    StorageFull,

    /// <summary>The server is restarting; reconnect after <c>retryAfterSeconds</c>.</summary>
    ShuttingDown,

    /// <summary>Something broke on our side; the trace id finds it in the logs.</summary>
    Unexpected,
}

/// <summary>A refusal as the hub carries it. Over HTTP the same members are part of the problem details (RFC
/// 9457).</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Detail">What happened, what was expected, what to do; for people, in English.</param>
/// <param name="RetryAfterSeconds">When trying again makes sense; null when it does not.</param>
/// <remarks>Rule WR-5.</remarks>
public sealed record Refusal(RefusalCode Code, string Detail, int? RetryAfterSeconds = null);

/// <summary>What every hub method answers: a value, or a refusal. Exactly one of the two is present.</summary>
/// <remarks>Rule WR-4.</remarks>
public sealed record Reply<T>(T? Value, Refusal? Refusal) where T : class;

/// <summary>Answers that carry no value.</summary>
public sealed record Done
{
    /// <summary>The only one there is.</summary>
    public static readonly Done Instance = new();
}
