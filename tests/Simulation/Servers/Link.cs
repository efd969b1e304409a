using Parley.Client.Connecting;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Simulation.Devices;

namespace Parley.Simulation.Servers;

/// <summary>
/// One open connection, both its ends and the road between them. Calls arrive in order and are answered in order (rule
/// LV-2); pushes may get lost, doubled, late and out of order.
/// </summary>
internal sealed class Link(SimulatedServer server, Phone phone, IParleyClient pushes, Caller caller) : ILiveLink
{
    private readonly TaskCompletionSource _closed = new();
    private Task _turn = Task.CompletedTask;
    private TimeSpan _lastCall;
    private TimeSpan _lastPush;

    public string Id => caller.ConnectionId!; // A caller through a link has one.

    public Caller Caller => caller;

    public SimulatedServer Server => server;

    public Task Closed => _closed.Task;

    public bool IsOpen => !_closed.Task.IsCompleted;

    /// <summary>Whether the client was answered a sync through it: from then on every push counts.</summary>
    public TimeSpan OpenedAt { get; } = server.World.Time.Now;

    private World World => server.World;

    public Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class
    {
        if (!IsOpen)
            return Task.FromException<TReply>(new IOException("The link is closed."));

        var answer = new TaskCompletionSource<TReply>();
        if (World.Weather.DropsRequest())
            return answer.Task;

        _lastCall = Later(_lastCall, World.Weather.RequestTime());
        World.Time.After(_lastCall - World.Time.Now, () => server.Do(() => _ = HandleAsync(verb, request, answer)));
        return answer.Task;
    }

    public void Push(string target, object payload)
    {
        if (World.Weather.Loses())
            return;

        Deliver(target, payload);
        if (World.Weather.Doubles())
            Deliver(target, payload);
    }

    /// <summary>Both ends notice, the client at once, the server a little later, or only when nothing comes.</summary>
    public void Cut()
    {
        Break();
        server.After(World.Weather.Chance(0.5) ? TimeSpan.Zero : World.Weather.Between(0, 30), Forget);
    }

    /// <summary>The client's end is closed.</summary>
    public void Break() => _closed.TrySetResult();

    public ValueTask DisposeAsync()
    {
        if (IsOpen)
            Cut();
        return ValueTask.CompletedTask;
    }

    private void Forget()
    {
        if (server.Lines.Remove(this))
            server.Typing.Disconnected(caller.AccountId, Id);
    }

    private async Task HandleAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, TaskCompletionSource<TReply> answer)
        where TReply : class
    {
        var before = _turn;
        var done = new TaskCompletionSource();
        _turn = done.Task;
        await before;
        await server.AnswerAsync(verb, request, caller, reply => phone.Transport.Return(reply, answer, () => IsOpen));
        done.SetResult();
    }

    private void Deliver(string target, object payload)
    {
        var at = World.Time.Now + World.Weather.PushTime();
        if (World.Weather.KeepsPushOrder)
            at = _lastPush = at > _lastPush ? at : _lastPush;

        World.Time.After(at - World.Time.Now, () =>
        {
            if (!IsOpen)
                return;

            World.Trace($"{Id} gets {target}", payload);
            Lines.Hand(pushes, target, payload);
        });
    }

    private TimeSpan Later(TimeSpan last, TimeSpan delay)
    {
        var at = World.Time.Now + delay;
        return at > last ? at : last;
    }
}
