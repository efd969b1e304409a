using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>One verb of the protocol, as both doors name it. Rule WR-1.</summary>
/// <param name="Name">The hub method.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Route">Path and query below <see cref="Wire.ApiPath"/>.</param>
/// <param name="RunOn">Runs the verb on a hub in the same process; how a simulation dispatches.</param>
public sealed record Verb<TRequest, TReply>(
    string Name,
    HttpMethod Method,
    Func<TRequest, string> Route,
    Func<IParleyHub, TRequest, Task<Reply<TReply>>> RunOn)
    where TReply : class
{
    /// <summary>
    /// Whether doing it twice is the same as doing it once. Others are not repeated when the answer was lost.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;
}
