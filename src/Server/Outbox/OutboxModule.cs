namespace Parley.Server.Outbox;

// Outbox is work that must follow a commit: telling an author, waking a phone, calling another system. The transaction
// that causes the work writes it down (OutboxEntries); a worker on any node claims it with a lease, runs the handler of
// its kind, retries with backoff, and keeps what failed until an operator decides (rule EX-3).
// It knows no kind of work itself. It never runs anything before the commit, never promises "exactly once" (handlers
// are idempotent), and never stores or logs what people wrote.
internal static class OutboxModule
{
    public static IServiceCollection AddOutbox(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<OutboxOptions>().BindConfiguration("Outbox").ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<OutboxNudge>()
            .AddSingleton<OutboxEntries>()
            .AddSingleton<OutboxHandlers>()
            .AddSingleton<OutboxBackoff>()
            .AddSingleton<OutboxMetrics>()
            .AddSingleton<ClaimEntry>()
            .AddSingleton<SettleEntry>()
            .AddSingleton<RunEntry>()
            .AddSingleton<RunDueEntries>()
            .AddSingleton<ListEntries>()
            .AddSingleton<RetryEntries>()
            .AddHostedService<OutboxWorker>();
    }
}
