using System.Diagnostics.Metrics;
using Parley.Server.Storage;

namespace Parley.Server.Expiry;

/// <summary>
/// Examines the messages that became old enough since the last sweep, in the order they were appended, a bounded
/// batch at a time (rule EX-1). The cursor moves only after a batch is done, so a crash repeats a batch and skips
/// nothing. Several nodes may sweep at the same time: marking is idempotent and the cursor never moves back.
/// </summary>
internal sealed class SweepMessages
{
    /// <summary>A conversation's part of a batch is one push; a page of changes is as long.</summary>
    private const int BatchCount = Contract.Limits.ChangesPageCount;

    private readonly IDatabase _database;
    private readonly ExpireMessages _expire;
    private readonly SteadyTime _steady;
    private readonly Counter<long> _expired;

    public SweepMessages(IDatabase database, ExpireMessages expire, SteadyTime steady, IMeterFactory meters)
    {
        (_database, _expire, _steady) = (database, expire, steady);
        _expired = meters.Create("Parley").CreateCounter<long>(
            "parley.expiry.expired", "{message}", "Messages that somebody did not get within 7 days");
    }

    /// <summary>Answers how many messages expired.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var progress = await LookAsync(cancel);
        for (var expired = 0; ;)
        {
            var batch = await OldAsync(progress, cancel);
            if (batch.Count == 0)
                return expired;

            foreach (var messages in batch.GroupBy(message => message.ConversationId))
                expired += await ExamineAsync([.. messages.OrderBy(message => message.Number)], cancel);

            progress = await MoveAsync(batch[^1].Row, cancel);
        }
    }

    /// <summary>Notes the time, and how far the messages reach by now. Primary key of message.</summary>
    private async Task<SweepProgress> LookAsync(CancellationToken cancel)
    {
        var (progress, reading) = await _database.WriteAsync(async turn =>
        {
            var known = await SweepProgress.TakeAsync(turn);
            var headRow = await turn.SingleAsync<long>("SELECT coalesce(max(row), 0) FROM message");
            var reading = _steady.Read(known);
            var seen = known.After(reading, headRow);
            await seen.SaveAsync(turn);
            return (seen, reading);
        }, cancel);
        _steady.Keep(reading);
        return progress;
    }

    /// <summary>The next messages up to the first that is too young. Primary key of message.</summary>
    private Task<IReadOnlyList<OldMessage>> OldAsync(SweepProgress progress, CancellationToken cancel) =>
        _database.ReadAsync<IReadOnlyList<OldMessage>>(async view =>
        {
            var ahead = await view.QueryAsync<OldMessage>("""
                SELECT row, id, conversation_id, number, author_id, sent_at
                FROM message
                WHERE row > @Row AND row <= @headRow
                ORDER BY row
                LIMIT @BatchCount
                """, new { progress.Row, headRow = progress.HeadRow, BatchCount });
            return [.. ahead.TakeWhile(message =>
                ExpiryRules.IsOld(progress.SentAt(message.Row, message.SentAt), progress.Steady))];
        }, cancel);

    private async Task<int> ExamineAsync(IReadOnlyList<OldMessage> messages, CancellationToken cancel)
    {
        var conversation = messages[0].ConversationId;
        if (!await _expire.IsAnyUndeliveredAsync(conversation, messages, cancel))
            return 0;

        var expired = await _expire.RunAsync(conversation, messages, cancel);
        _expired.Add(expired);
        return expired;
    }

    private Task<SweepProgress> MoveAsync(long row, CancellationToken cancel) => _database.WriteAsync(async turn =>
    {
        var moved = (await SweepProgress.TakeAsync(turn)).MovedTo(row);
        await moved.SaveAsync(turn);
        return moved;
    }, cancel);
}
