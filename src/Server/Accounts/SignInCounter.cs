using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Keeps the count of failed tries by handle, whether the handle exists or not. Every path that looks at a password
/// counts here. What is older than the window is cleared away, so the table holds a quarter of an hour at the most.
/// Rule AU-1.
/// </summary>
internal sealed class SignInCounter(TimeProvider time)
{
    private static readonly TimeSpan ClearEvery = TimeSpan.FromMinutes(1);
    private DateTimeOffset _clearedAt;

    /// <summary>Counts a try, before the password is looked at; or says that the handle is locked.</summary>
    public async Task<Refusal?> CountAsync(Transaction turn, string handle)
    {
        var now = time.GetUtcNow();
        await ClearAsync(turn, now);
        await turn.ExecuteAsync(
            """
            INSERT INTO sign_in_failure (handle, failures, since)
            VALUES (@handle, 0, @now)
            ON CONFLICT (handle) DO NOTHING
            """,
            new { handle, now });
        var row = await turn.SingleAsync<Row>(
            $"""
            SELECT failures, since, locked_until
            FROM sign_in_failure
            WHERE handle = @handle
            {turn.Database.ForUpdate}
            """,
            new { handle });
        var tries = new SignInTries((int)row.Failures, row.Since, row.LockedUntil);
        if (AccountRules.WhyLockedOut(tries, now) is { } locked)
            return locked;

        var counted = AccountRules.Count(tries, now);
        await turn.ExecuteAsync(
            """
            UPDATE sign_in_failure
            SET failures = @Failures, since = @Since, locked_until = @LockedUntil
            WHERE handle = @handle
            """,
            new { handle, counted.Failures, counted.Since, counted.LockedUntil });
        return null;
    }

    /// <summary>The try was a success, or the person proved otherwise who they are.</summary>
    public static Task ForgetAsync(Transaction turn, string handle) =>
        turn.ExecuteAsync("DELETE FROM sign_in_failure WHERE handle = @handle", new { handle });

    private async Task ClearAsync(Transaction turn, DateTimeOffset now)
    {
        if (now - _clearedAt < ClearEvery)
            return;

        _clearedAt = now;
        // Index: sign_in_failure_since. A lock ends no later than its window and its own time together.
        await turn.ExecuteAsync(
            "DELETE FROM sign_in_failure WHERE since < @Old AND coalesce(locked_until, 0) < @now",
            new { Old = now - AccountRules.FailureWindow, now });
    }

    private sealed class Row
    {
        public long Failures { get; init; }

        public DateTimeOffset Since { get; init; }

        public DateTimeOffset? LockedUntil { get; init; }
    }
}
