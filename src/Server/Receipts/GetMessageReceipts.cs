using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Server.Receipts;

/// <summary>Who received and read one message, and when: one index seek per member (rules RC-5, RC-6).</summary>
internal sealed class GetMessageReceipts(IDatabase database)
{
    private const string Sql = """
        SELECT m.account_id, m.delivered_number, m.read_number, a.sends_read_receipts, m.changed_seq,
               m.left_at, a.deactivated_at,
               (SELECT r.at
                FROM receipt_advance r
                WHERE r.conversation_id = m.conversation_id AND r.account_id = m.account_id
                  AND r.kind = 'delivered' AND r.up_to_number >= @number
                ORDER BY r.up_to_number
                LIMIT 1) AS delivered_at,
               (SELECT r.at
                FROM receipt_advance r
                WHERE r.conversation_id = m.conversation_id AND r.account_id = m.account_id
                  AND r.kind = 'read' AND r.up_to_number >= @number
                ORDER BY r.up_to_number
                LIMIT 1) AS read_at
        FROM membership m
        JOIN account a ON a.id = m.account_id
        WHERE m.conversation_id = @conversation AND m.joined_number < @number AND m.account_id <> @author
        ORDER BY m.account_id
        """;

    public Task<Outcome<MessageReceipts>> RunAsync(
        Caller caller, GetMessageReceiptsRequest request, CancellationToken cancel) =>
        database.ReadAsync<Outcome<MessageReceipts>>(async view =>
        {
            var visible = await Visibility.OfAsync(view, caller.AccountId, request.ConversationId);
            var message = visible is null || request.Number <= visible.After
                ? null
                : await MessageSql.FindAsync(view, request.ConversationId, request.Number);
            if (message is null)
                return Refuse.NotFound;

            if (message.AuthorId != caller.AccountId && !caller.IsStaff)
                return new Refusal(RefusalCode.Forbidden, "Only its author and staff see who read a message.");

            var callerSends = await view.SingleAsync<long>(
                "SELECT sends_read_receipts FROM account WHERE id = @AccountId", new { caller.AccountId });
            var receivers = await view.QueryAsync<Reader>(Sql, new
            {
                conversation = request.ConversationId,
                number = request.Number,
                author = message.AuthorId,
            });
            var present = receivers.Where(reader => reader.IsPresent).ToList();
            var left = receivers.Where(reader => !reader.IsPresent).ToList();
            var marks = ReceiptRules.Deciding(present, left, reader => reader.ChangedSeq).Select(reader =>
                new ReaderMarks(new(reader.DeliveredNumber, reader.ReadNumber), reader.Shows(callerSends))).ToList();
            var status = ReceiptRules.StatusOf(request.Number, message.ExpiredAt is not null, marks);
            return new MessageReceipts(status, [.. present.Select(reader => new MessageReceipt(
                reader.AccountId, reader.DeliveredAt, reader.Shows(callerSends) ? reader.ReadAt : null))]);
        }, cancel);

    private sealed record Reader(
        AccountId AccountId,
        long DeliveredNumber,
        long ReadNumber,
        long SendsReadReceipts,
        long ChangedSeq,
        DateTimeOffset? LeftAt,
        DateTimeOffset? DeactivatedAt,
        DateTimeOffset? DeliveredAt,
        DateTimeOffset? ReadAt)
    {
        public bool IsPresent => LeftAt is null && DeactivatedAt is null;

        public bool Shows(long viewerSends) => SendsReadReceipts == 1 && viewerSends == 1;
    }
}
