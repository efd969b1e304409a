using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Journal;

/// <summary>
/// A conversation whose row this transaction holds until it commits: whoever takes it next sees the counters it leaves.
/// That is why commit order equals <c>seq</c> order and a cursor can never skip a late commit (rule SY-1).
/// </summary>
internal sealed class ConversationHead(ConversationRow row)
{
    /// <summary>The row as it was read.</summary>
    public ConversationRow Row { get; } = row;

    public long Seq { get; private set; } = row.HeadSeq;

    public long Number { get; private set; } = row.HeadNumber;

    public long NextSeq() => ++Seq;

    public long NextNumber() => ++Number;

    /// <summary>Takes the conversation for writing; null when there is none.</summary>
    public static async Task<ConversationHead?> TakeAsync(Transaction turn, ConversationId id)
    {
        var row = await turn.FirstOrDefaultAsync<ConversationRow>(
            $"SELECT {ConversationRow.Columns} FROM conversation WHERE id = @id {turn.Database.ForUpdate}", new { id });
        return row is null ? null : new(row);
    }

    /// <summary>Reads the conversation; null when there is none.</summary>
    public static Task<ConversationRow?> ReadAsync(Snapshot view, ConversationId id) =>
        view.FirstOrDefaultAsync<ConversationRow>(
            $"SELECT {ConversationRow.Columns} FROM conversation WHERE id = @id", new { id });

    /// <summary>Writes the counters. Without it nothing of this turn is found by catch-up.</summary>
    public Task SaveAsync(Transaction turn) => turn.ExecuteAsync(
        "UPDATE conversation SET head_seq = @Seq, head_number = @Number WHERE id = @Id", new { Seq, Number, Row.Id });
}
