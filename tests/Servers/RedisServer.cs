using System.Globalization;
using System.Net.Sockets;

namespace Parley.Servers;

/// <summary>A real Redis on a free loopback port, in memory only, for as long as this process lives.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly Lazy<Task<RedisServer>> Started = new(() => StartAsync());

    private readonly IReadOnlyList<string> command;
    private GuardedProcess process;

    private RedisServer(GuardedProcess process, IReadOnlyList<string> command, int port)
    {
        this.process = process;
        this.command = command;
        Port = port;
    }

    public int Port { get; }

    public int ProcessId => process.Id;

    /// <summary>Host and port, as the server's options want it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The one server of a test run. It stops with the process; nobody disposes it.</summary>
    public static Task<RedisServer> SharedAsync() => Started.Value;

    /// <summary>Starts a server of one's own.</summary>
    /// <param name="durable">True: every write is appended to a file and flushed before it is answered.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RedisServer> StartAsync(bool durable = false, CancellationToken cancel = default)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(path => Path.Combine(path, "redis-server"))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "redis-server is not in PATH. Install it, on Debian or Ubuntu: apt-get install redis-server");
        var folder = await GuardedProcess.MakeFolderAsync(account: null, parent: null, "redis", cancel);
        return await Ports.TryAsync(port => LaunchAsync(program, folder, durable, port, cancel));
    }

    /// <summary>Kills it as a crash would. Start it again with <see cref="RestartAsync"/>.</summary>
    public Task KillAsync() => process.KillAsync();

    /// <summary>Stops it. Start it again with <see cref="RestartAsync"/>.</summary>
    public Task StopAsync() => process.StopAsync();

    /// <summary>Starts it again, on the same port; what it knew is gone unless it is durable.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        await process.StopAsync();
        process = await GuardedProcess.StartAsync(account: null, process.Folder, "TERM", command, cancel);
        await WaitUntilReadyAsync(cancel);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<RedisServer> LaunchAsync(
        string program, string folder, bool durable, int port, CancellationToken cancel)
    {
        IReadOnlyList<string> command =
        [
            program, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder,
            "--save", "", "--appendonly", durable ? "yes" : "no", "--appendfsync", "always",
        ];
        var process = await GuardedProcess.StartAsync(account: null, folder, "TERM", command, cancel);
        var server = new RedisServer(process, command, port);
        await server.WaitUntilReadyAsync(cancel);
        return server;
    }

    private Task WaitUntilReadyAsync(CancellationToken cancel) =>
        Ports.WaitAsync(process, "Redis", () => PingAsync(cancel), cancel);

    private async Task PingAsync(CancellationToken cancel)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancel);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, cancel);
        if (!answer.AsSpan().SequenceEqual("+PONG\r\n"u8))
        {
            throw new IOException("Redis is there but not ready yet.");
        }
    }
}
