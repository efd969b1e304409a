using Parley.Contract;

namespace Parley.Server.Expiry;

/// <summary>What is too old, and who still waits for it. Facts in, answer out.</summary>
internal static class ExpiryRules
{
    public static readonly TimeSpan Age = TimeSpan.FromDays(Limits.ExpiryDays);

    /// <summary>Rule EX-1: days of steady server time.</summary>
    public static bool IsOld(DateTimeOffset sentAt, DateTimeOffset now) => now - sentAt >= Age;

    /// <summary>
    /// Rule EX-1: how many members at its sending, who are members still, have not got it on any device.
    /// </summary>
    public static int UndeliveredTo(long number, AccountId author, IEnumerable<LaggingMember> members) =>
        members.Count(member =>
            member.AccountId != author && member.JoinedNumber < number && member.DeliveredNumber < number);
}

/// <summary>A member who has not got everything.</summary>
internal sealed record LaggingMember(AccountId AccountId, long JoinedNumber, long DeliveredNumber);
