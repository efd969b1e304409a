using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Parley.Contract;

namespace Parley.Server.Kernel;

/// <summary>
/// How often one may ask, on both doors alike: a person's bucket is the same for HTTP and hub. Each node counts for
/// itself. Rule WR-6.
/// </summary>
internal sealed class RateLimits(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private readonly bool _isOff = options.Value.IsOff;

    private readonly TokenBuckets<AccountId> _people =
        new(options.Value.PersonBurst, options.Value.PersonPerSecond, time);

    private readonly TokenBuckets<UInt128> _addresses =
        new(options.Value.AddressBurst, options.Value.AddressPerSecond, time);

    /// <summary>
    /// Why the caller may not make one more call now; null: it may, and it is counted. <paramref name="cost"/> is how
    /// many ordinary calls it is worth.
    /// </summary>
    public Refusal? TryTake(Caller caller, int cost = 1) =>
        _isOff ? null : Judge(_people.TryTake(caller.AccountId, cost));

    /// <summary>Why an address may not make one more request without a session now; null: it may.</summary>
    public Refusal? TryTake(IPAddress? address, int cost = 1) =>
        _isOff ? null : Judge(_addresses.TryTake(KeyOf(address), cost));

    private static Refusal? Judge(double waitSeconds) => waitSeconds <= 0
        ? null
        : new(
            RefusalCode.TooManyRequests,
            "Too many requests. Wait as long as it says, then go on more slowly.",
            (int)Math.Ceiling(waitSeconds));

    /// <summary>An IPv4 address, or the /64 network of an IPv6 address: one customer has the whole of it.</summary>
    private static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null)
            return 0;

        Span<byte> bytes = stackalloc byte[16];
        var isV4 = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        if (!isV4)
            bytes[8..].Clear();
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
