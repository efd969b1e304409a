using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Presence;

// Presence says who is here. A lease per connection, in memory; who loses the last one is here for another 30 s, so a
// short drop is not seen (PresenceLeases). Twice a second, if somebody moved, those who look at them are told
// (PresenceTracker, TellPresence), after the database has confirmed that they may still see them. It also keeps what
// people chose to show of themselves: their settings.
// This room never pushes to whoever does not look, and says nothing that an invisible person does not want said: not
// that they came, not that they went, not when. With several nodes, PresenceLeases is what they have to share.
internal static class PresenceModule
{
    public static IServiceCollection AddPresence(this IServiceCollection services) => services
        .AddSingleton<PresenceLeases>()
        .AddSingleton<PresenceWatches>()
        .AddSingleton<PresenceTracker>()
        .AddSingleton<SharedConversations>()
        .AddSingleton<TellPresence>()
        .AddSingleton<SaveLastSeen>()
        .AddSingleton<WatchPresence>()
        .AddSingleton<GetSettings>()
        .AddSingleton<SetSettings>();

    public static void MapPresence(this RouteGroupBuilder api)
    {
        api.MapPost("/presence/lookup", LookUp).WithTags("Presence").Produces<Presences>();
        api.MapGet("/me/settings", Settings).WithTags("Settings").Produces<AccountSettings>();
        api.MapPatch("/me/settings", Set).WithTags("Settings").Produces<AccountSettings>();
    }

    private static Task<IResult> LookUp(
        Caller caller, WatchPresenceRequest request, WatchPresence watch, CancellationToken cancel) =>
        watch.RunAsync(caller, request, cancel).ToResultAsync();

    private static Task<IResult> Settings(Caller caller, GetSettings settings, CancellationToken cancel) =>
        settings.RunAsync(caller, cancel).ToResultAsync();

    private static Task<IResult> Set(
        Caller caller, SetSettingsRequest request, SetSettings set, CancellationToken cancel) =>
        set.RunAsync(caller, request, cancel).ToResultAsync();
}
