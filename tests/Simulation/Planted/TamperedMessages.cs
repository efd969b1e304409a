using Parley.Server.Journal;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Simulation.Planted;

/// <summary>The statements of sending, with a mistake around them.</summary>
internal abstract class TamperedMessages : IMessageStore, IDisposable
{
    private readonly SqliteMessageStore _real = new();

    public virtual Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch) =>
        _real.GatherAsync(turn, batch);

    public virtual Task WriteAsync(
        Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads) =>
        _real.WriteAsync(turn, messages, heads);

    public void Dispose() => _real.Dispose();
}
