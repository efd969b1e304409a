namespace Parley.Client.Connecting;

/// <summary>
/// One of the two ways in: the live link, or HTTP. Throws refusals and <see cref="ParleyUnreachableException"/>.
/// </summary>
internal interface IDoor
{
    Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class;
}
