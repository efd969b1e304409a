namespace Parley.Simulation.Servers;

/// <summary>
/// Where the server's code goes on after it waited: in the world's line of time instead of on a pool of threads. So one
/// seed always gives the same run.
/// </summary>
internal sealed class ServerContext(Action<Action> enqueue) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => enqueue(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A server never waits for another thread.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the server's code as if on its own thread.</summary>
    public void Enter(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
