using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Parley.Contract;

namespace Parley.Server.Accounts;

/// <summary>
/// Hashes and verifies passwords, a few at a time: hashing is meant to be slow, and a storm of sign-ins must not take
/// the cores from those who write. Work is equal whether there is a hash to compare with or not. Rule AU-1.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public static readonly Refusal Overloaded = new(
        RefusalCode.Overloaded, "Too many people sign in at this moment. Try again in a few seconds.", 3);

    private readonly PasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _turns;
    private readonly int _queueMax;
    private readonly string _dummy;
    private int _waiting;

    public Passwords(IOptions<AccountsOptions> options)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = options.Value.PasswordIterations }));
        var atOnce = options.Value.HashesAtOnce;
        _turns = new(atOnce > 0 ? atOnce : Math.Max(1, Environment.ProcessorCount / 2));
        _queueMax = options.Value.HashQueueMax;
        _dummy = Hash(Guid.NewGuid().ToString());
    }

    /// <summary>Waits for a turn to hash; null when too many wait already. Dispose to give it back.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _waiting) > _queueMax)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _turns.WaitAsync(cancel);
            return new Turn(_turns);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public string Hash(string password) => _hasher.HashPassword(this, password);

    /// <summary>Whether the password matches. Without a hash the same work is done, for nothing.</summary>
    public bool IsMatch(string? hash, string password, out bool isOutdated)
    {
        var verdict = _hasher.VerifyHashedPassword(this, hash ?? _dummy, password);
        isOutdated = verdict == PasswordVerificationResult.SuccessRehashNeeded;
        return hash is not null && verdict != PasswordVerificationResult.Failed;
    }

    public void Dispose() => _turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        private SemaphoreSlim? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.Release();
    }
}
