using Parley.Contract;

namespace Parley.Server.Fanout;

/// <summary>
/// Carries what happened to the people concerned, wherever they are connected. A hint: it may be lost, late or doubled,
/// and nothing may depend on it (catch-up is the truth). The port is here because Journal speaks and Live listens.
/// </summary>
internal interface IFanout
{
    /// <summary>Enqueues and returns. Called right after a commit, in commit order.</summary>
    void Publish(Push push);
}

/// <summary>One message from the server to some people.</summary>
/// <param name="Target">Client method, from <see cref="Wire"/>.</param>
/// <param name="Payload">Its only argument; serialised once.</param>
/// <param name="Recipients">People; all their connections get it.</param>
/// <param name="Except">The connection that caused it and learns it from its answer; null for none.</param>
internal sealed record Push(
    string Target, object Payload, IReadOnlyList<AccountId> Recipients, string? Except = null);
