using Parley.Load.Sockets;

namespace Parley.Load.Figures;

/// <summary>Processor time of the three programs that share the machine, between two moments.</summary>
internal sealed class Meter(int serverProcess, int? databaseProcess)
{
    private CpuTimes _before;
    private long _start;

    public double Seconds { get; private set; }

    public double ServerMicros { get; private set; }

    public double? DatabaseMicros { get; private set; }

    public double LoadMicros { get; private set; }

    public void Start()
    {
        _before = Times();
        _start = Loop.Now;
    }

    public void Stop()
    {
        var after = Times();
        Seconds = Loop.Milliseconds(Loop.Now - _start) / 1000;
        ServerMicros = after.Server - _before.Server;
        DatabaseMicros = databaseProcess is null ? null : after.Database - _before.Database;
        LoadMicros = after.Load - _before.Load;
    }

    private CpuTimes Times() => new(
        ProcessFigures.CpuMicros(serverProcess),
        databaseProcess is { } database ? ProcessFigures.FamilyCpuMicros(database) : 0,
        ProcessFigures.CpuMicros(Environment.ProcessId));

    private readonly record struct CpuTimes(double Server, double Database, double Load);
}
