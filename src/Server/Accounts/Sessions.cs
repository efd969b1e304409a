using System.Collections.Concurrent;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Answers, for every request and every hub call, whether a device's session is valid now, and with what role.
/// Remembers valid sessions for as long as <see cref="SessionWatch"/> confirms that it knows of every change; without
/// that it asks the database, and without a database it fails. Rules AU-4, AU-6.
/// </summary>
internal sealed class Sessions(IDatabase database, TimeProvider time)
{
    /// <summary>How old a confirmation may be. Seconds.</summary>
    public const int StaleSecondsMax = 5;

    private const int RememberedMax = 100_000;

    private readonly ConcurrentDictionary<DeviceId, Known> _known = new();
    private long _confirmedAt;
    private bool _isConfirmed;
    private long _forgotten;

    /// <summary>
    /// The caller if the session is valid; null otherwise. Answers at once, and allocates nothing, when remembered.
    /// </summary>
    public ValueTask<Caller?> CheckAsync(AccountId account, DeviceId device, CancellationToken cancel)
    {
        if (IsConfirmed
            && _known.TryGetValue(device, out var known)
            && known.Caller.AccountId == account
            && known.ExpiresAt > time.GetUtcNow())
        {
            return new(known.Caller);
        }

        return new(AskAsync(account, device, cancel));
    }

    /// <summary>All changes up to the instant of the timestamp are known.</summary>
    public void Confirm(long timestamp)
    {
        Volatile.Write(ref _confirmedAt, timestamp);
        Volatile.Write(ref _isConfirmed, true);
    }

    public void Forget(DeviceId device)
    {
        Interlocked.Increment(ref _forgotten);
        _known.TryRemove(device, out _);
    }

    public void Forget(AccountId account)
    {
        Interlocked.Increment(ref _forgotten);
        foreach (var (device, known) in _known)
        {
            if (known.Caller.AccountId == account)
                _known.TryRemove(device, out _);
        }
    }

    public void ForgetAll()
    {
        Interlocked.Increment(ref _forgotten);
        _known.Clear();
    }

    private bool IsConfirmed =>
        Volatile.Read(ref _isConfirmed)
            && time.GetElapsedTime(Volatile.Read(ref _confirmedAt)).TotalSeconds <= StaleSecondsMax;

    private async Task<Caller?> AskAsync(AccountId account, DeviceId device, CancellationToken cancel)
    {
        var forgottenBefore = Volatile.Read(ref _forgotten);
        var session = await database.ReadAsync(
            view => AccountSql.FindSessionAsync(view, account, device, time.GetUtcNow()), cancel);
        if (session is null)
            return null;

        var known = new Known(new Caller(account, device, session.Role), session.ExpiresAt);
        if (_known.Count >= RememberedMax)
            _known.Clear();

        _known[device] = known;
        // A change may have been told between our reading and our remembering: then it stays unremembered.
        if (Volatile.Read(ref _forgotten) != forgottenBefore)
            _known.TryRemove(new(device, known));

        return known.Caller;
    }

    private sealed record Known(Caller Caller, DateTimeOffset ExpiresAt);
}
