using Parley.Contract;

namespace Parley.Client;

/// <summary>The server said no, and nothing was done. The message is for people.</summary>
/// <remarks>Rule WR-5.</remarks>
public sealed class ParleyRefusalException(Refusal refusal) : Exception(refusal.Detail)
{
    /// <summary>The refusal as the server worded it.</summary>
    public Refusal Refusal => refusal;

    /// <summary>Its stable code.</summary>
    public RefusalCode Code => refusal.Code;

    /// <summary>When trying again makes sense; null when it does not.</summary>
    public TimeSpan? RetryAfter =>
        refusal.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
