namespace Parley.Server.Journal;

/// <summary>How batches on PostgreSQL take their conversations.</summary>
internal static class PostgresHeads
{
    /// <summary>Locked in id order, so that two batches on two nodes never wait for each other in a circle.</summary>
    public const string Take = $"""
        SELECT {ConversationRow.Columns}
        FROM conversation
        WHERE id = ANY ($1)
        ORDER BY id
        FOR NO KEY UPDATE
        """;
}
