using System.Globalization;
using System.Text;
using System.Text.Json;
using Parley.Contract;

namespace Parley.Client.Sending;

/// <summary>
/// The outbox as a journal: one line a step, each with a checksum, each flushed to disk before anything else happens. A
/// crash can only tear the last line, which then never happened. A journal that is mostly history is rewritten beside
/// itself and swapped in. The open file is locked, so that two programs do not send from one outbox.
/// </summary>
public sealed class FileOutboxStore : IOutboxStore, IDisposable
{
    private readonly string _path;
    private readonly Action<string> _boundary;
    private readonly int _linesBeforeCompaction;
    private readonly Dictionary<MessageId, OutboxItem> _items = [];
    private FileStream _journal;
    private int _lines;

    /// <summary>Opens or makes the journal; its folder must exist.</summary>
    /// <exception cref="IOException">Another program has it open.</exception>
    public FileOutboxStore(string path) : this(path, _ => { })
    {
    }

    /// <param name="path">The journal.</param>
    /// <param name="boundary">Told before each step that reaches the disk; a test dies there.</param>
    /// <param name="linesBeforeCompaction">Lines before rewriting is considered.</param>
    internal FileOutboxStore(string path, Action<string> boundary, int linesBeforeCompaction = 256)
    {
        _path = path;
        _boundary = boundary;
        _linesBeforeCompaction = linesBeforeCompaction;
        _journal = Open(path);
        Read();
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutboxItem> Load() => [.. _items.Values];

    /// <inheritdoc/>
    public void Put(OutboxItem item)
    {
        Append(new(item, null));
        _items[item.Id] = item;
        CompactWhenLong();
    }

    /// <inheritdoc/>
    public void Remove(MessageId id)
    {
        if (!_items.ContainsKey(id))
            return;

        Append(new(null, id));
        _items.Remove(id);
        CompactWhenLong();
    }

    /// <summary>Closes the journal.</summary>
    public void Dispose() => _journal.Dispose();

    private static FileStream Open(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);

    private void Read()
    {
        var bytes = new byte[_journal.Length];
        _journal.ReadExactly(bytes);
        var end = 0;
        var isDamaged = false;
        while (Array.IndexOf(bytes, (byte)'\n', end) is var newline and >= 0)
        {
            if (Parse(bytes.AsSpan(end, newline - end)) is { } step)
                Take(step);
            else
                isDamaged = true;
            end = newline + 1;
            _lines++;
        }

        // A crash can only tear the last line. Worse damage is not ours to judge: keep it for a person to look at.
        if (isDamaged)
            File.WriteAllBytes(_path + ".damaged", bytes);
        if (end < bytes.Length)
            _journal.SetLength(end);
        _journal.Seek(end, SeekOrigin.Begin);
    }

    private void Take(Step step)
    {
        if (step.Put is { } item)
            _items[item.Id] = item;
        else if (step.Remove is { } id)
            _items.Remove(id);
    }

    private void Append(Step step)
    {
        var end = _journal.Position;
        try
        {
            _boundary("append");
            _journal.Write(LineOf(step));
            _boundary("flush");
            _journal.Flush(flushToDisk: true);
            _lines++;
        }
        catch (IOException)
        {
            // A full disk may have taken half a line: take it back, so that the next one starts clean.
            _journal.SetLength(end);
            _journal.Seek(end, SeekOrigin.Begin);
            throw;
        }
    }

    private void CompactWhenLong()
    {
        if (_lines < _linesBeforeCompaction || _lines < 4 * _items.Count)
            return;

        using var lines = new MemoryStream();
        foreach (var item in _items.Values)
            lines.Write(LineOf(new(item, null)));
        DurableFile.Replace(_path, lines.ToArray(), _boundary);
        _boundary("reopen");
        var swapped = Open(_path);
        _journal.Dispose();
        _journal = swapped;
        _journal.Seek(0, SeekOrigin.End);
        _lines = _items.Count;
    }

    private static byte[] LineOf(Step step)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(step, WireJson.Options);
        var sum = Encoding.ASCII.GetBytes(Checksum(json).ToString("x8", CultureInfo.InvariantCulture));
        return [.. sum, (byte)' ', .. json, (byte)'\n'];
    }

    private static Step? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length < 10
            || !uint.TryParse(line[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var sum)
            || Checksum(line[9..]) != sum)
            return null;

        try
        {
            return JsonSerializer.Deserialize<Step>(line[9..], WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>FNV-1a: enough to tell a whole line from a torn one.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var octet in bytes)
            hash = unchecked((hash ^ octet) * 16777619u);

        return hash;
    }

    private sealed record Step(OutboxItem? Put = null, MessageId? Remove = null);
}
