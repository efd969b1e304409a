using Parley.Contract;

namespace Parley.Server.Kernel;

/// <summary>Who asks, proven by a token. Every verb takes one; nothing else says who is acting.</summary>
/// <param name="AccountId">The person.</param>
/// <param name="DeviceId">The person's device (session).</param>
/// <param name="Role">The person's role, as of the last check of the session.</param>
/// <param name="ConnectionId">The hub connection the call came through; null over HTTP. What it caused is not pushed
/// back to it.</param>
internal sealed record Caller(AccountId AccountId, DeviceId DeviceId, Role Role, string? ConnectionId = null)
{
    public bool IsStaff => Role is Role.Staff or Role.Administrator;

    public bool IsAdministrator => Role is Role.Administrator;

    /// <summary>Lets an endpoint take the caller as a parameter. Authentication has put it there; without it no
    /// endpoint runs.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Caller>());
}
