using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>
/// How a client reaches its server: a live link when there is one, single requests when there is not. The real one is
/// <see cref="ServerTransport"/>; a simulation brings its own.
/// </summary>
/// <remarks>
/// Answers are values; a "no" of the server is thrown as <see cref="ParleyRefusalException"/>; anything else thrown
/// means that it is unknown whether the server did it.
/// </remarks>
public interface ITransport
{
    /// <summary>
    /// Opens a live link. Once open, pushes arrive, one after the other, in the order sent or not at all.
    /// </summary>
    /// <param name="pushes">Receives what the server pushes through this link.</param>
    /// <param name="cancel">Gives the attempt up.</param>
    Task<ILiveLink> OpenAsync(IParleyClient pushes, CancellationToken cancel);

    /// <summary>Makes one request over the other door (HTTP).</summary>
    Task<TReply> RequestAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class;
}
