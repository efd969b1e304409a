using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>
/// The hot statements of sending, in the shape each database does fastest: prepared statements on SQLite's writer, one
/// multi-row statement per table on PostgreSQL. Nothing is decided here.
/// </summary>
internal interface IMessageStore
{
    /// <summary>Takes the conversations of a batch, in id order, and finds which of its messages are stored
    /// already.</summary>
    Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch);

    /// <summary>Inserts the new messages and moves the heads: the last thing the turn writes.</summary>
    Task WriteAsync(Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads);
}
