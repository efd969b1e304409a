using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Parley.Contract;
using Parley.Server.Storage;
using Parley.Server.Tests.Engine;

namespace Parley.Server.Tests.Storage;

/// <summary>What a disk and a stranger can do to the embedded database (faults 6 and 12).</summary>
public sealed class SqliteFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_locked_by_another_program_refuses_in_time_and_serves_again_after()
    {
        await using var world = await EngineWorld.StartAsync(
            Databases.Sqlite, more: new() { ["Storage:BusySeconds"] = "1" });
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var id = new MessageId(Guid.CreateVersion7());

        await using (var stranger = new SqliteConnection($"Data Source={world.Folder}/parley.db;Pooling=false"))
        {
            await stranger.OpenAsync(Cancel);
            await using var held = stranger.BeginTransaction(); // takes the write lock
            var started = Stopwatch.GetTimestamp();
            var trouble = await Assert.ThrowsAsync<StorageTrouble>(() => world.TrySendAsync(anna, direct, "hello", id));

            Assert.Equal(RefusalCode.Overloaded, trouble.Refusal.Code);
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
            Assert.Empty((await world.SnapshotAsync(ben, direct)).Messages);
        }

        Assert.Equal(1, (await world.SendAsync(anna, direct, "hello", id)).Number);
    }

    [Fact]
    public async Task A_full_disk_refuses_sends_keeps_reading_and_recovers_without_a_restart()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 3);
        await using var world = await EngineWorld.StartAsync(
            Databases.Sqlite, more: new() { ["Storage:DataFolder"] = disk.Folder });
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        await world.SendAsync(anna, direct, "while there was room");
        var acknowledged = 1;
        disk.Fill();

        StorageTrouble? full = null;
        for (var i = 0; full is null && i < 2_000; i++)
        {
            try
            {
                await world.SendAsync(anna, direct, new string('x', 1_000));
                acknowledged++;
            }
            catch (StorageTrouble trouble)
            {
                full = trouble;
            }
        }

        Assert.Equal(RefusalCode.StorageFull, full?.Refusal.Code);
        Assert.NotEmpty((await world.SnapshotAsync(ben, direct)).Messages);
        disk.Free();
        var after = await world.SendAsync(anna, direct, "room again");
        Assert.Equal(acknowledged + 1, after.Number);
        var verdict = await world.Database.ReadAsync(
            view => view.SingleAsync<string>("PRAGMA integrity_check"), Cancel);
        Assert.Equal("ok", verdict);
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_under_sustained_writing()
    {
        await using var world = await EngineWorld.StartAsync(
            Databases.Sqlite, more: new() { ["Storage:WalMegabytesMax"] = "16" });
        var (anna, ben) = (await world.PersonAsync(), await world.PersonAsync());
        var direct = (await world.DirectAsync(anna, ben)).Conversation.Id;
        var largest = 0L;

        for (var round = 0; round < 60; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 256).Select(_ =>
                world.SendAsync(anna, direct, new string('x', 4_000))));
            largest = Math.Max(largest, new FileInfo($"{world.Folder}/parley.db-wal").Length);
        }

        Assert.InRange(largest, 1, 2 * 16L * 1024 * 1024);
    }

    /// <summary>A tmpfs of a few megabytes: the only honest way to fill a disk.</summary>
    private sealed class SmallDisk(string folder) : IAsyncDisposable
    {
        public string Folder => folder;

        private string Ballast => Path.Combine(folder, "ballast");

        public static async Task<SmallDisk> MountAsync(int megabytes)
        {
            var folder = Directory.CreateTempSubdirectory("parley-small-").FullName;
            Assert.SkipUnless(Environment.UserName == "root", "Mounting a small disk needs root.");
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
            return new(folder);
        }

        /// <summary>Leaves 200 kB.</summary>
        public void Fill()
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            File.WriteAllBytes(Ballast, new byte[Math.Max(0, free - 200_000)]);
        }

        public void Free() => File.Delete(Ballast);

        public async ValueTask DisposeAsync()
        {
            await RunAsync("umount", "-l", folder);
            Directory.Delete(folder);
        }

        private static async Task RunAsync(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
