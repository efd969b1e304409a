using Parley.Server.Storage;

namespace Parley.Server.Host;

/// <summary>
/// Two questions of whoever runs the process: does it live, and can it serve. The second asks the database, at most
/// once a second however often it is asked. Requirement OPS-12.
/// </summary>
internal sealed class Health(IDatabase database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly string Version = typeof(Health).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private readonly SemaphoreSlim _asking = new(1);
    private Ready? _last;
    private long _askedAt;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new Alive("ok", Version)))
            .AllowAnonymous().WithTags("Health").WithName("Live");
        app.MapGet("/health/ready", async (Health health, CancellationToken cancel) =>
        {
            var ready = await health.AskAsync(cancel);
            return Results.Json(ready, statusCode: ready.Status == "ok" ? 200 : 503);
        }).AllowAnonymous().Produces<Ready>().Produces<Ready>(503).WithTags("Health").WithName("Ready");
    }

    public void Dispose() => _asking.Dispose();

    private async Task<Ready> AskAsync(CancellationToken cancel)
    {
        await _asking.WaitAsync(cancel);
        try
        {
            if (_last is null || time.GetElapsedTime(_askedAt) >= AskEvery)
            {
                _last = await AskDatabaseAsync(cancel);
                _askedAt = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<Ready> AskDatabaseAsync(CancellationToken cancel)
    {
        try
        {
            var facts = await database.FactsAsync(cancel).WaitAsync(Patience, time, cancel);
            return new("ok", Version, facts);
        }
#pragma warning disable CA1031 // Whatever keeps the database from answering, the answer is the same.
        catch (Exception) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new("unavailable", Version, null);
        }
    }

    private sealed record Alive(string Status, string Version);

    private sealed record Ready(string Status, string Version, StorageFacts? Storage);
}
