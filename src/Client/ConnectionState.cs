using Parley.Contract;

namespace Parley.Client;

/// <summary>How the client is connected. One of the nested records.</summary>
public abstract record ConnectionState
{
    private ConnectionState()
    {
    }

    /// <summary>Whether the server answers, by any door.</summary>
    public bool IsReachable => this is Online or FallbackHttp;

    /// <summary>Not started, or stopped.</summary>
    public sealed record Offline : ConnectionState;

    /// <summary>Opening a link.</summary>
    /// <param name="Attempt">Failed attempts before this one; 0 for the first.</param>
    public sealed record Connecting(int Attempt) : ConnectionState;

    /// <summary>Linked and caught up.</summary>
    public sealed record Online : ConnectionState;

    /// <summary>Among the fast attempts: the next one starts at <paramref name="Until"/>.</summary>
    /// <param name="Attempt">Failed attempts so far, from 1.</param>
    /// <param name="Until">When the next attempt starts, by this device's clock.</param>
    public sealed record Waiting(int Attempt, DateTimeOffset Until) : ConnectionState;

    /// <summary>After the fast attempts: tries about every 30 seconds, for ever.</summary>
    /// <param name="Until">When the next attempt starts, by this device's clock.</param>
    public sealed record Slow(DateTimeOffset Until) : ConnectionState;

    /// <summary>No link, but requests are answered: everything works, a few seconds later.</summary>
    /// <param name="Until">When the next attempt to link starts, by this device's clock.</param>
    public sealed record FallbackHttp(DateTimeOffset Until) : ConnectionState;

    /// <summary>The session has ended: sign in again. Messages in the outbox are kept.</summary>
    /// <param name="Reason">Why, when the server said so; null when the tokens were refused.</param>
    public sealed record SignedOut(GoodbyeReason? Reason) : ConnectionState;
}
