using System.Runtime.InteropServices;

namespace Parley.Load.Sockets;

/// <summary>
/// The few calls of Linux the generator lives on. .NET's sockets hand each read to the thread pool; on two shared cores
/// that would cost more than the server under test spends on a message.
/// </summary>
internal static partial class Libc
{
    public const int WouldBlock = 11;
    public const int InProgress = 115;
    public const uint Readable = 1;
    public const uint Writable = 4;
    public const int Add = 1;
    public const int Remove = 2;
    public const int Modify = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const int Inet = 2;
    private const int StreamNonBlocking = 1 | 0x800 | 0x80000;
    private const int NoSignal = 0x4000;
    private const int Tcp = 6;
    private const int NoDelay = 1;

    /// <summary>A socket that is on its way to a loopback port.</summary>
    public static int Connect(int port)
    {
        var socket = Check(Socket(Inet, StreamNonBlocking, 0), "socket");
        var on = 1;
        Check(SetSocketOption(socket, Tcp, NoDelay, ref on, sizeof(int)), "setsockopt");
        ReadOnlySpan<byte> address =
            [Inet, 0, (byte)(port >> 8), (byte)port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        if (Connect(socket, in MemoryMarshal.GetReference(address), address.Length) < 0 && LastError != InProgress)
        {
            var error = LastError;
            _ = Close(socket);
            throw new IOException($"connect to port {port} failed: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return socket;
    }

    /// <summary>Bytes read; 0 at the end; -1 when there is nothing yet or the connection broke.</summary>
    public static int Receive(int socket, Span<byte> buffer) =>
        (int)Receive(socket, ref MemoryMarshal.GetReference(buffer), buffer.Length, 0);

    /// <summary>Bytes taken by the kernel; -1 when it takes none now or the connection broke.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes) =>
        (int)Send(socket, in MemoryMarshal.GetReference(bytes), bytes.Length, NoSignal);

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int Check(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int file, ref byte interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, ref byte events, int eventsMax, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerCreate(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int TimerSet(int timer, int flags, in TimerPeriod period, nint former);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, out ulong value, nint length);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, in byte address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetSocketOption(int socket, int level, int option, ref int value, int length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, ref byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, in byte buffer, nint length, int flags);

    /// <summary>How often a timer fires, and when first.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct TimerPeriod(TimeSpan period)
    {
        private readonly long _seconds = (long)period.TotalSeconds;
        private readonly long _nanoseconds = period.Ticks % TimeSpan.TicksPerSecond * 100;
        private readonly long _firstSeconds = (long)period.TotalSeconds;
        private readonly long _firstNanoseconds = period.Ticks % TimeSpan.TicksPerSecond * 100;
    }
}
