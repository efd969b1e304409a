using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// Chooses the engine: the system's library when it is newer than the bundled one. Bundled is 3.35; distributions carry
/// years of fixes on top of it.
/// </summary>
internal static class SqliteEngine
{
    private static readonly Version Bundled = new(3, 35, 5);

#pragma warning disable CA2255 // The resolver must stand before the first connection of the process.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Choose()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? SystemLibraryIfNewer() : 0);
        Batteries_V2.Init();
    }

    private static nint SystemLibraryIfNewer()
    {
        if (!NativeLibrary.TryLoad("libsqlite3.so.0", out var library))
            return 0;

        var version = Marshal.GetDelegateForFunctionPointer<LibVersion>(
            NativeLibrary.GetExport(library, "sqlite3_libversion"));
        return Version.TryParse(Marshal.PtrToStringUTF8(version()), out var found) && found > Bundled ? library : 0;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint LibVersion();
}
