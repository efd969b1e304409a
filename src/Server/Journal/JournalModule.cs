namespace Parley.Server.Journal;

// Journal keeps the order of changes. It knows who is in a conversation, hands out its dense counters inside the
// transaction that writes, gathers small writes into one commit, and says what changed after the commit, in its order.
// It never decides whether somebody may do something, and never sends anything before it is on disk.
internal static class JournalModule
{
    public static IServiceCollection AddJournal(this IServiceCollection services) => services
        .AddSingleton<Rosters>()
        .AddSingleton<AccountStream>()
        .AddSingleton<ChangePusher>();
}
