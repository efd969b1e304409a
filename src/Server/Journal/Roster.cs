using Parley.Contract;

namespace Parley.Server.Journal;

/// <summary>The active members of a conversation at one version, in account order. Deactivated accounts are left
/// out.</summary>
internal sealed class Roster
{
    private readonly Dictionary<AccountId, Member> _byAccount;

    public Roster(long version, IReadOnlyList<Member> members)
    {
        Version = version;
        Members = members;
        Accounts = [.. members.Select(member => member.AccountId)];
        _byAccount = members.ToDictionary(member => member.AccountId);
    }

    public long Version { get; }

    public IReadOnlyList<Member> Members { get; }

    public IReadOnlyList<AccountId> Accounts { get; }

    public Member? Find(AccountId account) => _byAccount.GetValueOrDefault(account);
}
