using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>A conversation as a device needs it that knows nothing of it yet.</summary>
internal static class Snapshots
{
    private const string MembersSql = $"""
        SELECT {MembershipRow.Columns}
        FROM membership m
        JOIN account a ON a.id = m.account_id
        WHERE m.conversation_id = @conversation AND m.left_at IS NULL AND (@everyone = 1 OR m.account_id = @account)
        ORDER BY m.account_id
        """;

    private const string PeopleSql = $"""
        SELECT {PersonRow.Columns}
        FROM membership m
        JOIN account a ON a.id = m.account_id
        WHERE m.conversation_id = @conversation AND m.left_at IS NULL AND (@everyone = 1 OR m.account_id = @account)
        ORDER BY m.account_id
        """;

    /// <summary>Null when the account sees nothing there.</summary>
    public static async Task<ConversationSnapshot?> ReadAsync(
        Snapshot view, AccountId account, ConversationId conversation)
    {
        if (await Visibility.OfAsync(view, account, conversation) is not { } visible)
            return null;

        var row = (await ConversationHead.ReadAsync(view, conversation))!;
        var whom = new { conversation, account, everyone = row.MemberCount <= Limits.ReceiptsToAllMembersMax ? 1 : 0 };
        var memberships = await view.QueryAsync<MembershipRow>(MembersSql, whom);
        var people = await view.QueryAsync<PersonRow>(PeopleSql, whom);
        var messages = await MessageSql.BackwardsAsync(
            view, conversation, visible.After, long.MaxValue, Limits.FirstPageCount);
        var own = memberships.Single(membership => membership.AccountId == account);
        return new(
            row.ToWire(),
            row.HeadSeq,
            row.ReceiptSeq,
            row.HeadNumber,
            [.. memberships.Select(membership => membership.ToWire())],
            [.. memberships.Select(membership => membership.ToReceipt(account, own.SendsReadReceipts == 1))],
            [.. messages.Reverse().Select(message => message.ToWire())],
            [.. people.Select(person => person.ToWire())]);
    }
}
