using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Parley.Servers;

/// <summary>
/// A server process with a folder of its own that never outlives us. A small shell stands between: it waits on our end
/// of a pipe, and when that end closes, because we are done or because we were killed, it stops the server and removes
/// the folder. So nothing is left behind even by <c>kill -9</c>, and nothing is ever stopped that we did not start.
/// </summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    // The shell's orders: "stop" and "kill" end the server and keep its folder; end of input also removes the folder.
    // PostgreSQL reads QUIT as "stop at once"; Redis stops on TERM.
    private const string Guard = """
        folder=$1; gentle=$2; shift 2
        "$@" >"$folder/log" 2>&1 </dev/null &
        child=$!
        echo "$child"
        order=
        read -r order
        case $order in kill) signal=KILL ;; *) signal=$gentle ;; esac
        kill -s "$signal" "$child" 2>/dev/null
        wait "$child" 2>/dev/null
        [ -n "$order" ] || rm -rf "$folder"
        """;

    private readonly Process guard;

    private GuardedProcess(Process guard, string folder, int id)
    {
        this.guard = guard;
        Folder = folder;
        Id = id;
    }

    public string Folder { get; }

    /// <summary>The server's own process id, for signals a test wants to send.</summary>
    public int Id { get; }

    public bool HasExited
    {
        get
        {
            // Until the guard is given an order a server that ended by itself stays a zombie: known, without a command.
            var commandLine = string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/cmdline");
            return guard.HasExited || (File.Exists(commandLine) && File.ReadAllText(commandLine).Length == 0);
        }
    }

    public static async Task<GuardedProcess> StartAsync(
        string? account, string folder, string gentleSignal, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var guard = Launch(account, ["sh", "-c", Guard, "guard", folder, gentleSignal, .. command]);
        var line = await guard.StandardOutput.ReadLineAsync(cancel);
        return int.TryParse(line, CultureInfo.InvariantCulture, out var id)
            ? new GuardedProcess(guard, folder, id)
            : throw new InvalidOperationException(
                $"{command[0]} did not start: {await guard.StandardError.ReadToEndAsync(cancel)}");
    }

    /// <summary>Runs a command to its end and answers what it printed; its error text is in the exception when it
    /// fails.</summary>
    public static async Task<string> RunAsync(
        string? account, IReadOnlyList<string> command, CancellationToken cancel)
    {
        using var process = Launch(account, command);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(cancel);
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException(
                $"{string.Join(' ', command)} ended with {process.ExitCode}: {output}{await error}");
    }

    /// <summary>A fresh folder that belongs to <paramref name="account"/>.</summary>
    public static Task<string> MakeFolderAsync(
        string? account, string? parent, string name, CancellationToken cancel) =>
        RunAsync(account, ["mktemp", "-d", Path.Combine(parent ?? "/tmp", $"parley-{name}-XXXXXX")], cancel);

    public Task StopAsync() => OrderAsync("stop");

    public Task KillAsync() => OrderAsync("kill");

    public string Log()
    {
        var path = Path.Combine(Folder, "log");
        return File.Exists(path) ? File.ReadAllText(path) : "(no log)";
    }

    public async ValueTask DisposeAsync()
    {
        await OrderAsync(order: null);
        guard.Dispose();

        // The guard of a server that was stopped or killed before has kept the folder for a restart.
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task OrderAsync(string? order)
    {
        if (!guard.HasExited)
        {
            try
            {
                if (order is not null)
                {
                    await guard.StandardInput.WriteLineAsync(order);
                }

                guard.StandardInput.Close();
            }
            catch (IOException)
            {
                // The guard ended between the question and the order; the server is down all the same.
            }
        }

        await guard.WaitForExitAsync();
    }

    private static Process Launch(string? account, IReadOnlyList<string> command)
    {
        IReadOnlyList<string> line = account is null ? command : ["runuser", "-u", account, "--", .. command];
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            // The account of the server may not enter the folder we stand in.
            WorkingDirectory = "/",
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{line[0]} did not start.");
    }
}
