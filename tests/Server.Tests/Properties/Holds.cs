using FsCheck;
using FsCheck.Fluent;

namespace Parley.Server.Tests.Properties;

/// <summary>Properties of things that take time: FsCheck draws and shrinks, and waits for the answer.</summary>
internal static class Holds
{
    public static void Always<T>(Gen<T> drawn, int times, Func<T, Task> body) =>
        Prop.ForAll(drawn.ToArbitrary(), value =>
        {
            // On the pool, so that nothing waits for the thread that waits here.
            Task.Run(() => body(value)).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(times));
}
