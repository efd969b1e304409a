using Parley.Contract;
using Parley.Server.Messages;
using Parley.Server.Typing;

namespace Parley.Simulation.Servers;

/// <summary>
/// Typing tells its frames from a thread of the pool. Whoever wakes it here waits until it has told them, so that the
/// world stands still meanwhile and a seed repeats.
/// </summary>
internal sealed class TypingListener(TypingLeases leases) : IMessageSent
{
    public void Sent(ConversationId conversation, AccountId author)
    {
        leases.Sent(conversation, author);
        Settle();
    }

    public void Disconnected(AccountId account, string connection)
    {
        leases.Disconnected(account, connection);
        Settle();
    }

    public void Settle()
    {
        Task settled;
        do
        {
            settled = leases.Settled;
            settled.Wait();
        }
        while (!ReferenceEquals(settled, leases.Settled));
    }
}
