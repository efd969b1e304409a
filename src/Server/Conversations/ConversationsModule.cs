namespace Parley.Server.Conversations;

// Conversations are the rooms people talk in: the one of a pair, groups with owners, who joins, who leaves, what is
// archived. Every change goes through ConversationTurn, which numbers it and tells the members who are left.
// This room never touches a message, and never tells somebody who is out what happens inside.
internal static class ConversationsModule
{
    public static IServiceCollection AddConversations(this IServiceCollection services)
    {
        services.AddOptions<ConversationsOptions>().BindConfiguration("Conversations").ValidateOnStart();
        return services
            .AddSingleton<ChangeConversation>()
            .AddSingleton<NewConversation>()
            .AddSingleton<OpenDirect>()
            .AddSingleton<CreateGroup>()
            .AddSingleton<AddMembers>()
            .AddSingleton<RemoveMember>()
            .AddSingleton<SetMemberRole>()
            .AddSingleton<RenameGroup>()
            .AddSingleton<SetArchived>()
            .AddSingleton<GetMembers>();
    }

    public static void MapConversations(this RouteGroupBuilder api) => ConversationsEndpoints.Map(api);
}
