using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Sync;

// Sync is the truth behind the pushes: what a device missed, read from disk under the same visibility as everything
// else. It answers a reconnect in one request, fills gaps, builds first snapshots and computes the digest of heads.
// It never writes to a conversation, and never answers a part where it cannot answer the whole.
internal static class SyncModule
{
    public static IServiceCollection AddSync(this IServiceCollection services) => services
        .AddSingleton<Epoch>()
        .AddSingleton<SyncDevice>()
        .AddSingleton<GetChanges>()
        .AddSingleton<Heads>();

    public static void MapSync(this RouteGroupBuilder api)
    {
        api.MapPost("/sync", Sync).WithTags("Sync").Produces<SyncReply>();
        api.MapGet("/conversations/{conversationId}/changes", Changes).WithTags("Sync").Produces<Changes>();
    }

    private static Task<IResult> Sync(Caller caller, SyncRequest request, SyncDevice sync, CancellationToken cancel) =>
        sync.RunAsync(caller, request, cancel).ToResultAsync();

    private static Task<IResult> Changes(
        Caller caller, Guid conversationId, long after, GetChanges changes, CancellationToken cancel) =>
        changes.RunAsync(caller, new(new(conversationId), after), cancel).ToResultAsync();
}
