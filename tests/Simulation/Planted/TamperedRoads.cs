using Parley.Client.Connecting;
using Parley.Contract;

namespace Parley.Simulation.Planted;

/// <summary>Roads on which somebody changes what passes: how a mistake inside the SDK is made from outside.</summary>
/// <param name="roads">The good ones.</param>
/// <param name="pushed">Changes a push; null drops it.</param>
/// <param name="asked">Changes a request.</param>
internal sealed class TamperedRoads(ITransport roads, Func<object, object?> pushed, Func<object, object> asked)
    : ITransport
{
    public async Task<ILiveLink> OpenAsync(IParleyClient pushes, CancellationToken cancel) => new Link(
        await roads.OpenAsync(new Pushes(pushes, pushed), cancel).ConfigureAwait(false), asked);

    public Task<TReply> RequestAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class =>
        roads.RequestAsync(verb, (TRequest)asked(request!), cancel); // No verb is asked with null.

    private sealed class Link(ILiveLink link, Func<object, object> asked) : ILiveLink
    {
        public Task Closed => link.Closed;

        public Task<TReply> CallAsync<TRequest, TReply>(
            Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
            where TReply : class => link.CallAsync(verb, (TRequest)asked(request!), cancel); // As above.

        public ValueTask DisposeAsync() => link.DisposeAsync();
    }

    private sealed class Pushes(IParleyClient client, Func<object, object?> pushed) : IParleyClient
    {
        public Task Changes(Changes changes) => Pass(changes, client.Changes);

        public Task Receipts(ReceiptsMoved receipts) => Pass(receipts, client.Receipts);

        public Task Account(AccountChanges changes) => Pass(changes, client.Account);

        public Task Typing(Typing typing) => Pass(typing, client.Typing);

        public Task Presence(Presences presences) => Pass(presences, client.Presence);

        public Task Heartbeat(Heartbeat heartbeat) => Pass(heartbeat, client.Heartbeat);

        public Task Goodbye(Goodbye goodbye) => Pass(goodbye, client.Goodbye);

        private Task Pass<T>(T push, Func<T, Task> hand) where T : class =>
            pushed(push) is T changed ? hand(changed) : Task.CompletedTask;
    }
}
