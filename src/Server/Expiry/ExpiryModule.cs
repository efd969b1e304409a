using Parley.Server.Outbox;

namespace Parley.Server.Expiry;

// Expiry tells an author, once, that a message did not reach somebody within seven days of server time (rules EX-1,
// EX-2). A sweep walks the messages in the order they were appended, each once, when it is old enough: its cost follows
// what was written, not what exists. Marking and the note to tell the author are one commit; the telling goes through
// the outbox. This room never deletes a message, never stops a later delivery from counting, and never trusts a clock
// that jumps while the server runs (SteadyTime).
internal static class ExpiryModule
{
    public static IServiceCollection AddExpiry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<ExpiryOptions>().BindConfiguration("Expiry").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<SteadyTime>()
            .AddSingleton<ExpireMessages>()
            .AddSingleton<SweepMessages>()
            .AddSingleton<IOutboxHandler, TellAuthor>()
            .AddHostedService<ExpiryWorker>();
    }
}
