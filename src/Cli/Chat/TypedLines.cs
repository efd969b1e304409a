using System.Threading.Channels;

namespace Parley.Cli.Chat;

/// <summary>What the person or script types: lines, and on a terminal every key and a tick each second.</summary>
internal sealed class TypedLines
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>The line being typed.</summary>
    public string Current { get; private set; } = "";

    public Task ReadAsync(ChannelWriter<object> inbox, CancellationToken cancel) =>
        Console.IsInputRedirected || Console.IsOutputRedirected
            ? Task.Run(() => ReadLinesAsync(inbox, cancel), cancel)
            : Task.Run(() => ReadKeysAsync(inbox, cancel), cancel);

    private static async Task ReadLinesAsync(ChannelWriter<object> inbox, CancellationToken cancel)
    {
        while (await Console.In.ReadLineAsync(cancel) is { } line)
            await inbox.WriteAsync(new Line(line), cancel);
        await inbox.WriteAsync(new Ended(), cancel);
    }

    private async Task ReadKeysAsync(ChannelWriter<object> inbox, CancellationToken cancel)
    {
        var looks = 0;
        while (!cancel.IsCancellationRequested)
        {
            while (Console.KeyAvailable)
                await inbox.WriteAsync(Take(Console.ReadKey(intercept: true)), cancel);

            await Task.Delay(LookEvery, TimeProvider.System, cancel);
            if (++looks % 40 == 0)
                await inbox.WriteAsync(new Tick(), cancel);
        }
    }

    private object Take(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.Enter }:
                var line = Current;
                Current = "";
                return new Line(line);
            case { Key: ConsoleKey.Backspace } when Current.Length > 0:
                var last = new System.Globalization.StringInfo(Current);
                Current = last.SubstringByTextElements(0, last.LengthInTextElements - 1);
                break;
            case { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control }:
                Current = "";
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                    Current += key.KeyChar;
                break;
        }

        return new Key();
    }

    internal sealed record Line(string Text);

    internal sealed record Key;

    internal sealed record Tick;

    internal sealed record Ended;
}
