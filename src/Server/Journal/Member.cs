using Parley.Contract;

namespace Parley.Server.Journal;

/// <summary>What rules and fan-out need to know of a member.</summary>
/// <param name="AccountId">Who.</param>
/// <param name="Role">Rights inside the group.</param>
/// <param name="VisibleAfter">Messages with a larger number are the member's to see.</param>
/// <param name="JoinedNumber">Messages with a larger number count for the member's receipts.</param>
/// <param name="MutedUntil">May not write before; null when not muted.</param>
/// <param name="SendsReadReceipts">1 when others learn what the member has read.</param>
internal sealed record Member(
    AccountId AccountId,
    MembershipRole Role,
    long VisibleAfter,
    long JoinedNumber,
    DateTimeOffset? MutedUntil,
    long SendsReadReceipts)
{
    public bool IsOwner => Role == MembershipRole.Owner;
}
