using Parley.Contract;
using Parley.Server.Accounts.Tokens;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

/// <summary>Hands out a ticket that opens the hub once. Rule AU-5.</summary>
internal sealed class IssueLiveTicket(LiveTickets tickets)
{
    public Task<Outcome<LiveTicket>> RunAsync(Caller caller) =>
        Task.FromResult<Outcome<LiveTicket>>(tickets.Issue(caller));
}
