using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Parley.Load.Figures;
using Parley.Load.Sockets;

namespace Parley.Load.Subject;

/// <summary>
/// The published server in a process of its own. A small shell stands between: it waits on our end of a pipe and kills
/// the server when that closes, so that none outlives a bench that was killed.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Guard = """
        log=$1; shift
        "$@" >>"$log" 2>&1 </dev/null &
        child=$!
        echo "$child"
        read -r order
        kill -s "${order:-KILL}" "$child" 2>/dev/null
        wait "$child" 2>/dev/null
        """;

    private static readonly HttpClient Http = new();

    private readonly Process _guard;
    private readonly string _log;

    private ServerProcess(Process guard, int id, int port, string log)
    {
        _guard = guard;
        _log = log;
        Id = id;
        Port = port;
    }

    public int Id { get; }

    public int Port { get; }

    /// <summary>Starts it and returns at once: the process exists, its doors are shut yet.</summary>
    public static ServerProcess Start(string program, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var port = FreePort();
        var log = Path.Combine(folder, "server.log");
        string[] arguments =
        [
            "-c", Guard, "guard", log, Path.GetFullPath(program), "serve",
            "--port", port.ToString(CultureInfo.InvariantCulture), "--data", Path.Combine(folder, "data"),
        ];
        var start = new ProcessStartInfo("sh", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        // As docs/operations/running.md tells operators to run it.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var guard = Process.Start(start) ?? throw new InvalidOperationException("sh did not start.");
        var id = int.Parse(guard.StandardOutput.ReadLine() ?? "", CultureInfo.InvariantCulture);
        return new(guard, id, port, log);
    }

    /// <summary>Waits until it says it is ready.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        var began = Loop.Now;
        while (Loop.Milliseconds(Loop.Now - began) < 60_000)
        {
            try
            {
                using var answer = await Http.GetAsync($"http://127.0.0.1:{Port}/health/ready", cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // The door is not open yet.
            }

            if (!IsAlive())
                break;

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }

        throw new InvalidOperationException($"The server did not become ready. Its log ends with:\n{Log()}");
    }

    /// <summary>The end of what it logged.</summary>
    public string Log() => string.Join('\n', File.ReadLines(_log).TakeLast(30));

    /// <summary>For a connection the server should have kept.</summary>
    public InvalidOperationException Broken(string trouble) =>
        new($"A connection broke: {trouble}. The server's log ends with:\n{Log()}");

    /// <summary>Lets it finish.</summary>
    public Task StopAsync() => OrderAsync("TERM");

    /// <summary>Ends it as a crash would.</summary>
    public Task KillAsync() => OrderAsync("KILL");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _guard.Dispose();
    }

    // Until it is given an order the guard does not collect its child: one that ended by itself stays as a zombie. An
    // empty command line would not tell: it is empty for a moment of every start, too.
    private bool IsAlive() => File.Exists($"/proc/{Id}/stat") && ProcessFigures.State(Id) != "Z";

    private async Task OrderAsync(string order)
    {
        if (_guard.HasExited)
            return;

        await _guard.StandardInput.WriteLineAsync(order);
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
