using System.Collections.Concurrent;
using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts.Tokens;

/// <summary>
/// Tickets that open the hub once. A URL ends up in logs of proxies; by then this one is used, or half a minute old.
/// A node remembers the tickets it redeemed until they expire. Rule AU-5.
/// </summary>
internal sealed class LiveTickets(SigningKeys keys, TimeProvider time)
{
    public const int LifeSeconds = 30;
    private const int SweepEverySeconds = 10;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _redeemed = new();
    private DateTimeOffset _sweptAt;

    public LiveTicket Issue(Caller caller)
    {
        var now = time.GetUtcNow();
        // A random id: with one that counts time, two tickets of one instant could share most of it.
        var claims = new Claims(
            caller.AccountId, caller.DeviceId, caller.Role, Guid.NewGuid(), now, now.AddSeconds(LifeSeconds));
        return new(Jwt.Sign(keys.Signing, TokenTypes.Ticket, claims.Write(TokenTypes.Ticket)), LifeSeconds);
    }

    /// <summary>
    /// What the ticket says, the first time; null ever after, and for anything that is not a valid ticket.
    /// </summary>
    public Claims? Redeem(string ticket)
    {
        var now = time.GetUtcNow();
        if (Jwt.Open(ticket, TokenTypes.Ticket, keys.All) is not { } payload
            || Claims.Read(payload, TokenTypes.Ticket, now) is not { } claims
            || !_redeemed.TryAdd(claims.TokenId, claims.ExpiresAt))
        {
            return null;
        }

        Sweep(now);
        return claims;
    }

    private void Sweep(DateTimeOffset now)
    {
        if ((now - _sweptAt).TotalSeconds < SweepEverySeconds)
            return;

        _sweptAt = now;
        foreach (var (id, expiresAt) in _redeemed)
        {
            if (expiresAt <= now)
                _redeemed.TryRemove(id, out _);
        }
    }
}
