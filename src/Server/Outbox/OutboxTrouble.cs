namespace Parley.Server.Outbox;

/// <summary>Says why an attempt failed, in words an operator may read.</summary>
/// <param name="reason">Kept with the entry: statuses and ids, never what people wrote, never a secret.</param>
/// <param name="isFinal">True when trying again is useless: the entry fails at once.</param>
/// <param name="cause">What broke; null when nothing did.</param>
internal sealed class OutboxTrouble(string reason, bool isFinal = false, Exception? cause = null)
    : Exception(reason, cause)
{
    public bool IsFinal { get; } = isFinal;

    /// <summary>
    /// What is kept of an error: the handler's own words, or else only types. The text of any other exception may carry
    /// what people wrote.
    /// </summary>
    public static string Describe(Exception error) => error switch
    {
        OutboxTrouble known => known.Message,
        { InnerException: { } inner } => $"{error.GetType().Name}: {inner.GetType().Name}",
        _ => error.GetType().Name,
    };
}
