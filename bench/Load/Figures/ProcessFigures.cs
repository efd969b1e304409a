using System.Globalization;

namespace Parley.Load.Figures;

/// <summary>What the kernel counts for a process.</summary>
internal static class ProcessFigures
{
    // USER_HZ is 100 on every Linux .NET runs on; finer times are only kept per thread.
    private const double MicrosPerTick = 10_000;

    /// <summary>Processor time of one process, all its threads, in microseconds.</summary>
    public static double CpuMicros(int process)
    {
        var fields = Stat(process);
        return (Number(fields, 14) + Number(fields, 15)) * MicrosPerTick;
    }

    /// <summary>The same for a process, its living children, and the children that ended.</summary>
    public static double FamilyCpuMicros(int parent)
    {
        var fields = Stat(parent);
        var total = (Number(fields, 14) + Number(fields, 15) + Number(fields, 16) + Number(fields, 17)) * MicrosPerTick;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var process))
                continue;

            try
            {
                if (Number(Stat(process), 4) == parent)
                    total += CpuMicros(process);
            }
            catch (IOException)
            {
                // It ended while we looked; its parent has its time.
            }
        }

        return total;
    }

    /// <summary>How many programs wanted a core, on average over the last minute.</summary>
    public static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>The letter of its state, as proc(5) has it.</summary>
    public static string State(int process) => Stat(process)[0];

    /// <summary>Resident memory in kilobytes.</summary>
    public static long RssKb(int process)
    {
        foreach (var line in File.ReadLines($"/proc/{process}/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                return long.Parse(line.AsSpan(6, line.Length - 9), CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException($"Process {process} has no memory any more.");
    }

    /// <summary>Files and sockets this process may have open.</summary>
    public static long OpenFilesMax()
    {
        foreach (var line in File.ReadLines("/proc/self/limits"))
        {
            if (line.StartsWith("Max open files", StringComparison.Ordinal))
            {
                var soft = line[14..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
                return soft == "unlimited" ? long.MaxValue : long.Parse(soft, CultureInfo.InvariantCulture);
            }
        }

        return long.MaxValue;
    }

    // The second field is the program's name in parentheses, and may hold spaces: count from behind it.
    private static string[] Stat(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <param name="fields">From the third on.</param>
    /// <param name="position">As proc(5) counts, from 1.</param>
    private static long Number(string[] fields, int position) =>
        long.Parse(fields[position - 3], CultureInfo.InvariantCulture);
}
