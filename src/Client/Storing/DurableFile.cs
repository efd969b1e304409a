using System.Runtime.InteropServices;

namespace Parley.Client.Storing;

/// <summary>
/// Replaces files whole: a reader, and a power cut, see the old bytes or the new ones, never a mixture.
/// </summary>
internal static class DurableFile
{
    public static void Replace(string path, byte[] bytes, Action<string>? boundary = null)
    {
        var beside = path + ".new";
        boundary?.Invoke("write beside");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(beside, options))
        {
            file.Write(bytes);
            boundary?.Invoke("flush beside");
            file.Flush(flushToDisk: true);
        }

        boundary?.Invoke("rename");
        File.Move(beside, path, overwrite: true);
        boundary?.Invoke("flush folder");
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>A rename is on disk only when its folder is.</summary>
    public static void FlushFolder(string? folder)
    {
        if (folder is null || OperatingSystem.IsWindows())
            return;

        var handle = Native.Open(folder, 0);
        if (handle < 0)
            return;

        _ = Native.Flush(handle);
        _ = Native.Close(handle);
    }

    private static class Native
    {
        [DllImport(
            "libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(string path, int flags);

        [DllImport("libc", EntryPoint = "fsync")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Flush(int handle);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int handle);
    }
}
