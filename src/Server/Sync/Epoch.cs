using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>
/// Names the history that cursors count in. It is made with the database and replaced when a backup is restored:
/// cursors of another epoch mean nothing here (rule SY-6).
/// </summary>
internal sealed class Epoch(IDatabase database)
{
    private string? _known;

    public async ValueTask<string> GetAsync(CancellationToken cancel) =>
        _known ??= await database.WriteAsync(MakeOnceAsync, cancel);

    private static async Task<string> MakeOnceAsync(Transaction turn)
    {
        await turn.ExecuteAsync(
            "INSERT INTO meta (name, value) VALUES ('epoch', @made) ON CONFLICT (name) DO NOTHING",
            new { made = Guid.NewGuid().ToString("N") });
        return await turn.SingleAsync<string>("SELECT value FROM meta WHERE name = 'epoch'");
    }
}
