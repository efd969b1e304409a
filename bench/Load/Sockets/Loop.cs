using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Parley.Load.Sockets;

/// <summary>
/// One thread that carries every connection. What its answers cause is collected and written once per round, so a burst
/// of answers costs one system call per connection, as it would in a C program.
/// </summary>
internal sealed class Loop : IDisposable
{
    private const int EventsMax = 512;

    // The kernel packs its epoll_event on x64 and nowhere else.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly byte[] _events = new byte[EventsMax * EventSize];
    private readonly int _epoll = Libc.Check(Libc.EpollCreate(0), "epoll_create1");
    private readonly List<Connection> _dirty = [];
    private Connection?[] _connections = new Connection?[1024];
    private byte[] _input = new byte[512 * 1024];
    private int _timer = -1;
    private Action<long>? _tick;

    /// <summary>Ticks of the clock all times of the generator are in, per second.</summary>
    public static long Frequency => Stopwatch.Frequency;

    public static long Now => Stopwatch.GetTimestamp();

    public static double Milliseconds(long ticks) => ticks * 1000.0 / Frequency;

    /// <summary>
    /// Runs until <paramref name="done"/>; complains when that takes longer than <paramref name="patience"/>.
    /// </summary>
    public void RunUntil(string what, TimeSpan patience, Func<bool> done)
    {
        if (!TryRunUntil(patience, done))
            throw new TimeoutException($"Waited {patience.TotalSeconds:0} s in vain: {what}.");
    }

    /// <summary>Runs for a while.</summary>
    public void RunFor(TimeSpan time) => TryRunUntil(time, static () => false);

    /// <summary>
    /// Runs until <paramref name="done"/> or the end of <paramref name="patience"/>; says whether it was done.
    /// </summary>
    public bool TryRunUntil(TimeSpan patience, Func<bool> done)
    {
        var end = Now + (long)(patience.TotalSeconds * Frequency);
        while (!done())
        {
            if (Now >= end)
                return false;

            Round();
        }

        return true;
    }

    /// <summary>Calls <paramref name="tick"/> at a steady pace, until another one or null takes its place.</summary>
    public void Every(TimeSpan period, Action<long>? tick)
    {
        if (_timer < 0)
        {
            _timer = Libc.Check(Libc.TimerCreate(1, 0x800), "timerfd_create");
            Watch(_timer, Libc.Add, Libc.Readable);
        }

        _tick = tick;
        var timing = new Libc.TimerPeriod(tick is null ? TimeSpan.Zero : period);
        Libc.Check(Libc.TimerSet(_timer, 0, in timing, 0), "timerfd_settime");
    }

    /// <summary>Sends what <paramref name="connection"/> has written at the end of this round.</summary>
    public void Flush(Connection connection) => _dirty.Add(connection);

    internal void Join(Connection connection, int socket)
    {
        if (socket >= _connections.Length)
            Array.Resize(ref _connections, Math.Max(socket + 1, _connections.Length * 2));

        _connections[socket] = connection;
        Watch(socket, Libc.Add, Libc.Readable | Libc.Writable);
    }

    internal void Want(int socket, bool writable) =>
        Watch(socket, Libc.Modify, writable ? Libc.Readable | Libc.Writable : Libc.Readable);

    internal void Leave(int socket)
    {
        Watch(socket, Libc.Remove, 0);
        _connections[socket] = null;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection?.Dispose();

        if (_timer >= 0)
            _ = Libc.Close(_timer);

        _ = Libc.Close(_epoll);
    }

    private void Round()
    {
        Flush();
        var count = Libc.EpollWait(_epoll, ref _events[0], EventsMax, 5);
        for (var i = 0; i < count; i++)
        {
            var entry = _events.AsSpan(i * EventSize, EventSize);
            var happened = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            var file = BinaryPrimitives.ReadInt32LittleEndian(entry[(EventSize - 8)..]);
            if (file == _timer)
            {
                _ = Libc.Read(_timer, out _, sizeof(ulong));
                _tick?.Invoke(Now);
            }
            else if (_connections[file] is { } connection)
            {
                connection.Ready((happened & Libc.Writable) != 0, (happened & ~Libc.Writable) != 0, ref _input);
            }
        }

        Flush();
    }

    private void Flush()
    {
        foreach (var connection in _dirty)
            connection.Write();

        _dirty.Clear();
    }

    private void Watch(int file, int operation, uint interest)
    {
        Span<byte> entry = stackalloc byte[16];
        entry.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, interest);
        BinaryPrimitives.WriteInt32LittleEndian(entry[(EventSize - 8)..], file);
        Libc.Check(Libc.EpollControl(_epoll, operation, file, ref entry[0]), "epoll_ctl");
    }
}
