using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Outbox;
using Parley.Server.Storage;

namespace Parley.Server.Expiry;

/// <summary>
/// Puts the notice on the author's own stream, once, however often it runs, and nudges the author's devices. A device
/// that is not there now finds it when it syncs (rule EX-2).
/// </summary>
internal sealed class TellAuthor(IDatabase database, AccountStream streams) : IOutboxHandler
{
    public const string KindName = "expiry-notice";

    public string Kind => KindName;

    /// <summary>Nothing but our own database can fail it, so it is worth more patience than calls to others.</summary>
    public int? AttemptsMax => 20;

    public Task RunAsync(OutboxEntry entry, CancellationToken cancel) => database.WriteAsync(async turn =>
    {
        var (author, notice) = entry.Read<ToTell>();
        var told = await turn.FirstOrDefaultAsync<long?>(
            "SELECT account_seq FROM notice WHERE account_id = @author AND message_id = @MessageId",
            new { author, notice.MessageId });
        if (told is not null)
            return false;

        // Two at the same time: the unique index notice_message lets one commit, and the other look again.
        await turn.ExecuteAsync("""
            INSERT INTO notice (account_id, account_seq, conversation_id, message_id, number, undelivered, at)
            VALUES (@author, @seq, @ConversationId, @MessageId, @Number, @Undelivered, @At)
            """, new
        {
            author,
            seq = await streams.NextAsync(turn, author),
            notice.ConversationId,
            notice.MessageId,
            notice.Number,
            notice.Undelivered,
            notice.At,
        });
        return true;
    }, cancel);
}

/// <summary>The payload: who is to be told what.</summary>
internal sealed record ToTell(AccountId Author, Notice Notice);
