using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>The one request of a reconnect (rule SY-4): what the account stream and the cached conversations went
/// through.</summary>
internal sealed class SyncDevice(IDatabase database, Epoch epochs, TimeProvider time)
{
    private static string CursorsSql(Snapshot view) => $"""
        SELECT c.id, c.kind, c.name, c.history, c.created_at, c.archived_at, c.member_count,
               c.head_seq, c.head_number, c.receipt_seq, c.roster_version, c.changed_seq
        FROM membership m
        JOIN conversation c ON c.id = m.conversation_id
        WHERE m.account_id = @account AND m.left_at IS NULL AND m.conversation_id {view.In("ids")}
        """;

    private const string ReceiptsSql = $"""
        SELECT {MembershipRow.Columns}
        FROM membership m
        JOIN account a ON a.id = m.account_id
        WHERE m.conversation_id = @Id AND m.left_at IS NULL AND m.receipt_seq > @ReceiptSeq
          AND (@everyone = 1 OR m.account_id = @account)
        """;

    public async Task<Outcome<SyncReply>> RunAsync(Caller caller, SyncRequest request, CancellationToken cancel)
    {
        if (request.Conversations.Count > Limits.SyncCursorsMax)
            return Refuse.Invalid($"conversations: at most {Limits.SyncCursorsMax}; the others in a further request.");

        var epoch = await epochs.GetAsync(cancel);
        return await database.ReadAsync<Outcome<SyncReply>>(async view =>
        {
            var isForeign = request.Epoch is not null && request.Epoch != epoch;
            return (isForeign ? null : await ReadAsync(view, caller.AccountId, request, epoch))
                ?? (await ReadAsync(view, caller.AccountId, new(null, 0, []), epoch))! with { Reset = true };
        }, cancel);
    }

    /// <summary>Null when a cursor is ahead of the server: it comes from a history that is not ours.</summary>
    private async Task<SyncReply?> ReadAsync(Snapshot view, AccountId account, SyncRequest request, string epoch)
    {
        if (await AccountCatchUp.ReadAsync(view, account, request.AccountSeq) is not { } stream)
            return null;

        var fresh = stream.Changes.Joined.Select(snapshot => snapshot.Conversation.Id).ToHashSet();
        var cursors = request.Conversations.Where(cursor => !fresh.Contains(cursor.ConversationId)).ToList();
        var rows = cursors.Count == 0
            ? []
            : (await view.QueryAsync<ConversationRow>(CursorsSql(view), new
            {
                account,
                ids = view.Ids(cursors.Select(cursor => cursor.ConversationId).Distinct()),
            })).ToDictionary(row => row.Id);

        var moved = new List<Changes>();
        var receipts = new List<ReceiptsMoved>();
        foreach (var cursor in cursors)
        {
            if (!rows.TryGetValue(cursor.ConversationId, out var row))
                continue;

            if (cursor.Seq > row.HeadSeq || cursor.ReceiptSeq > row.ReceiptSeq || cursor.Seq < 0)
                return null;

            if (cursor.Seq < row.HeadSeq && await Visibility.OfAsync(view, account, row.Id) is { } visible)
                moved.Add(await ConversationChanges.ReadAsync(view, row, visible.After, cursor.Seq));

            if (cursor.ReceiptSeq < row.ReceiptSeq)
                receipts.Add(await ReceiptsAsync(view, account, row, cursor.ReceiptSeq, stream.SendsReadReceipts));
        }

        return new(
            epoch,
            Reset: false,
            time.GetUtcNow(),
            stream.Changes,
            moved,
            receipts,
            [.. cursors.Select(cursor => cursor.ConversationId).Where(id => !rows.ContainsKey(id)).Distinct()]);
    }

    private static async Task<ReceiptsMoved> ReceiptsAsync(
        Snapshot view, AccountId account, ConversationRow row, long after, bool sendsReadReceipts)
    {
        var everyone = row.MemberCount <= Limits.ReceiptsToAllMembersMax ? 1 : 0;
        var rows = await view.QueryAsync<MembershipRow>(
            ReceiptsSql, new { row.Id, ReceiptSeq = after, everyone, account });
        return new(
            row.Id, after, row.ReceiptSeq, [.. rows.Select(member => member.ToReceipt(account, sendsReadReceipts))]);
    }
}
