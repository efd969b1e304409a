using Parley.Client;
using Parley.Client.Connecting;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Simulation.Servers;

namespace Parley.Simulation.Devices;

/// <summary>The roads from one device to whichever server lives.</summary>
internal sealed class Transport(World world, Phone phone) : ITransport
{
    private int _links;

    /// <summary>The link that is open, or was last.</summary>
    public Link? Link { get; private set; }

    public async Task<ILiveLink> OpenAsync(IParleyClient pushes, CancellationToken cancel)
    {
        var opened = new TaskCompletionSource<ILiveLink>();
        using var registration = cancel.UnsafeRegister(_ => opened.TrySetCanceled(cancel), null);
        world.Time.After(world.Weather.RequestTime(), () =>
        {
            if (world.Server is not { } server || !world.HasHub)
                opened.TrySetException(new IOException("Connection refused."));
            else
                server.Do(() => Open(server, pushes, opened));
        });
        return await opened.Task.ConfigureAwait(false);
    }

    public Task<TReply> RequestAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class
    {
        var answer = new TaskCompletionSource<TReply>();
        if (world.Weather.DropsRequest())
            return answer.Task;

        world.Time.After(world.Weather.RequestTime(), () =>
        {
            if (world.Server is { } server && world.HasHttp)
                server.Do(() => _ = server.AnswerAsync(
                    verb, request, phone.Caller(null), reply => Return(reply, answer, () => true)));
            else
                answer.TrySetException(new HttpRequestException("Connection refused."));
        });
        return answer.Task;
    }

    /// <summary>The way back. An answer may get lost, and comes to nobody when its link is gone.</summary>
    public void Return<TReply>(Reply<TReply> reply, TaskCompletionSource<TReply> answer, Func<bool> isOpen)
        where TReply : class
    {
        if (world.Weather.DropsAnswer())
            return;

        world.Time.After(world.Weather.RequestTime(), () =>
        {
            if (!isOpen())
                return;

            if (reply.Refusal is { } refusal)
                answer.TrySetException(new ParleyRefusalException(refusal));
            else
                answer.TrySetResult(reply.Value!); // Exactly one of the two is there. Rule WR-4.
        });
    }

    private void Open(SimulatedServer server, IParleyClient pushes, TaskCompletionSource<ILiveLink> opened)
    {
        var link = new Link(server, phone, pushes, phone.Caller($"{phone.Name}/{++_links}"));
        if (world.Bug is { SubscribesLate: true })
            server.After(TimeSpan.FromSeconds(0.5), () => server.Lines.Add(link));
        else
            server.Lines.Add(link);

        // In the world's own time and not in the server's: what goes on from here is the device's.
        world.Time.After(world.Weather.RequestTime(), () =>
        {
            if (opened.TrySetResult(link))
                Link = link;
            else
                link.Cut();
        });
    }
}
