using System.Net;
using System.Net.Sockets;

namespace Parley.Servers;

/// <summary>Free loopback ports, and waiting until somebody answers on one.</summary>
internal static class Ports
{
    private const int AttemptMax = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Between finding a port free and using it another process may take it, so: another port, another
    /// try.</summary>
    public static async Task<T> TryAsync<T>(Func<int, Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start(Free());
            }
            catch (InvalidOperationException) when (attempt < AttemptMax)
            {
                // Said again, with its log, when the last attempt fails too.
            }
        }
    }

    /// <summary>Asks until <paramref name="ask"/> succeeds, the process ends, or patience does.</summary>
    public static async Task WaitAsync(
        GuardedProcess process, string name, Func<Task> ask, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await ask();
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                var gaveUp = TimeProvider.System.GetElapsedTime(began) > Patience;
                if (process.HasExited || gaveUp)
                {
                    var log = process.Log();
                    await process.StopAsync(); // Keeps the folder: another port may be tried on it.
                    var what = gaveUp ? "did not answer in time" : "ended while starting";
                    throw new InvalidOperationException($"{name} {what}. Its log:\n{log}", error);
                }
            }

            await Task.Delay(Pause, TimeProvider.System, cancel);
        }
    }

    private static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
