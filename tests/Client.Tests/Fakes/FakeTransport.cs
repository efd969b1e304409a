using Parley.Client.Connecting;
using Parley.Contract;
using static Parley.Client.Tests.Fakes.FakeServer;

namespace Parley.Client.Tests.Fakes;

/// <summary>The way to the fake server, for one device.</summary>
internal sealed class FakeTransport(FakeServer server, AccountId me) : ITransport
{
    public Task<ILiveLink> OpenAsync(IParleyClient pushes, CancellationToken cancel)
    {
        try
        {
            return Task.FromResult<ILiveLink>(server.Open(me, pushes));
        }
        catch (IOException error)
        {
            return Task.FromException<ILiveLink>(error);
        }
    }

    public Task<TReply> RequestAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class =>
        server.HasHttp
            ? RunAsync(server, me, null, verb, request)
            : Task.FromException<TReply>(new HttpRequestException("Connection refused."));

    public static async Task<TReply> RunAsync<TRequest, TReply>(
        FakeServer server, AccountId me, FakeLink? link, Verb<TRequest, TReply> verb, TRequest request)
        where TReply : class
    {
        var never = new TaskCompletionSource<TReply>();
        var fault = server.FaultOf(verb.Name, link is not null);
        if (fault == Fault.LosesRequest)
            return await never.Task;

        server.Calls.Add((verb.Name, link is not null, request!));
        if (server.RefusalOf(verb.Name, request!) is { } refused)
            throw new ParleyRefusalException(refused);

        var reply = await verb.RunOn(new FakeHub(server, me, link), request);
        if (fault == Fault.BreaksBeforeAnswer)
        {
            link?.Break();
            throw new IOException("The connection broke.");
        }

        if (fault == Fault.LosesAnswer)
            return await never.Task;

        return reply.Refusal is { } refusal ? throw new ParleyRefusalException(refusal) : reply.Value!;
    }
}

/// <summary>One open link.</summary>
internal sealed class FakeLink(FakeServer server, AccountId account, IParleyClient pushes) : ILiveLink
{
    private readonly TaskCompletionSource _closed = new();

    public AccountId Account => account;

    public IParleyClient Pushes => pushes;

    public Task Closed => _closed.Task;

    public Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class =>
        _closed.Task.IsCompleted
            ? Task.FromException<TReply>(new IOException("The link is closed."))
            : FakeTransport.RunAsync(server, account, this, verb, request);

    public void Break()
    {
        server.Forget(this);
        _closed.TrySetResult();
    }

    public ValueTask DisposeAsync()
    {
        Break();
        return ValueTask.CompletedTask;
    }
}
