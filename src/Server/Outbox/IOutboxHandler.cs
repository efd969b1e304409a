namespace Parley.Server.Outbox;

/// <summary>
/// Does one kind of work. Registered as a singleton; found by its kind. It runs at least once per entry: after a
/// crash, or when a lease ran out, it runs again, so what it does must be harmless to do twice.
/// </summary>
internal interface IOutboxHandler
{
    /// <summary>The kind it does, such as <c>expiry-notice</c>. Never changes: entries outlive releases.</summary>
    string Kind { get; }

    /// <summary>Attempts before an entry counts as failed; null leaves it to the operator's default.</summary>
    int? AttemptsMax => null;

    /// <summary>
    /// Does the work. It must stop when <paramref name="cancel"/> asks: its lease is about to run out, or the server
    /// stops. Any exception is a failed attempt; <see cref="OutboxTrouble"/> chooses the words and may rule out
    /// another one.
    /// </summary>
    Task RunAsync(OutboxEntry entry, CancellationToken cancel);
}
