using Parley.Contract;
using Parley.Server.Storage;

namespace Parley.Server.Tests.Expiry;

/// <summary>What authors were told, read from their streams' rows.</summary>
internal static class Told
{
    /// <summary>The messages among some whose author has a notice, once per notice, in message order.</summary>
    public static Task<IReadOnlyList<MessageId>> ReadAsync(IDatabase database, IReadOnlyList<MessageId> among) =>
        database.ReadAsync(view => view.QueryAsync<MessageId>($"""
            SELECT n.message_id
            FROM notice n
            JOIN message m ON m.id = n.message_id
            WHERE n.message_id {view.In("ids")}
            ORDER BY m.row
            """, new { ids = view.Ids(among) }), TestContext.Current.CancellationToken);
}
