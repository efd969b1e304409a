using Parley.Server.Storage;

namespace Parley.Server.Messages;

// Messages are what people say to each other: sending, editing, removing, reading back. The hot path is SendMessage and
// SendBatch; the rules are in MessageRules, pure. This room never pushes before a commit, never numbers outside the
// journal's turn, and never shows a message without asking Visibility.
internal static class MessagesModule
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddOptions<MessagesOptions>()
            .BindConfiguration("Messages").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IMessageStore>(provider => provider.GetRequiredService<IDatabase>().Kind == "sqlite"
            ? new SqliteMessageStore()
            : new PostgresMessageStore());
        return services
            .AddSingleton<SendBatch>()
            .AddSingleton<SendMessage>()
            .AddSingleton<ChangeMessage>()
            .AddSingleton<EditMessage>()
            .AddSingleton<RemoveMessage>()
            .AddSingleton<GetHistory>();
    }

    public static void MapMessages(this RouteGroupBuilder api) => MessagesEndpoints.Map(api);
}
