namespace Parley.Server.Direct;

// Direct lets a program write to a person by handle, without knowing of conversations: history, older, send, queue
// (requirement RT-18). Each route finds the pair's conversation and hands over to the verb that the hub calls too.
// It stores nothing, opens a conversation only to send, and answers an unknown handle exactly like a hidden person.
internal static class DirectModule
{
    public static IServiceCollection AddDirect(this IServiceCollection services) => services
        .AddSingleton<FindPair>()
        .AddSingleton<GetDirectHistory>()
        .AddSingleton<SendDirect>()
        .AddSingleton<GetQueue>();

    public static void MapDirect(this RouteGroupBuilder api) => DirectEndpoints.Map(api);
}
