using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Messages;

namespace Parley.Server.Typing;

// Typing says who writes in a conversation at this moment: leases in memory that end by themselves. A sign prolongs a
// lease for the price of a look into a dictionary; a frame leaves at most once a second per person and conversation, to
// the members the database names at that moment (TypingLeases, then TellTyping; the timing is in ConversationTypists).
// This room stores nothing, never shows somebody to himself, and nothing depends on its frames: each may be lost.
// With several nodes, what TypingLeases keeps is what they have to share.
internal static class TypingModule
{
    public static IServiceCollection AddTyping(this IServiceCollection services) => services
        .AddSingleton<TellTyping>()
        .AddSingleton<TypingLeases>()
        .AddSingleton<IMessageSent>(provider => provider.GetRequiredService<TypingLeases>())
        .AddSingleton<SetTyping>();

    public static void MapTyping(this RouteGroupBuilder api) =>
        api.MapPost("/conversations/{conversationId}/typing", Set)
            .WithTags("Typing")
            .Produces(StatusCodes.Status204NoContent);

    private static Task<IResult> Set(
        Caller caller, Guid conversationId, TypingBody body, SetTyping set, CancellationToken cancel) =>
        set.RunAsync(caller, new(new(conversationId), body.IsTyping), cancel).ToResultAsync();
}
