namespace Parley.Client.Connecting;

/// <summary>A live link to the server: one opened hub connection. Disposing closes it.</summary>
public interface ILiveLink : IAsyncDisposable
{
    /// <summary>Completes, without an exception, when the link is gone for whatever reason.</summary>
    Task Closed { get; }

    /// <summary>Calls a verb through the link. Throws as <see cref="ITransport"/> says.</summary>
    Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class;
}
