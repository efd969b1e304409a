using Parley.Contract;

namespace Parley.Client.Syncing;

/// <summary>What the server says by itself, and who listens to it. Runs in the mailbox.</summary>
internal sealed class Pushes(Sync sync, Action<ClientEvent> raised) : IParleyClient
{
    public Task Changes(Changes changes)
    {
        sync.TakePush(changes);
        return Task.CompletedTask;
    }

    public Task Receipts(ReceiptsMoved receipts)
    {
        sync.TakePush(receipts);
        return Task.CompletedTask;
    }

    public Task Account(AccountChanges changes)
    {
        sync.TakePush(changes);
        return Task.CompletedTask;
    }

    public Task Typing(Typing typing)
    {
        raised(new ClientEvent.TypingMoved(typing));
        return Task.CompletedTask;
    }

    public Task Presence(Presences presences)
    {
        foreach (var presence in presences.Items)
            raised(new ClientEvent.PresenceMoved(presence));
        return Task.CompletedTask;
    }

    public Task Heartbeat(Heartbeat heartbeat)
    {
        sync.Compare(heartbeat);
        return Task.CompletedTask;
    }

    /// <summary>The connection has heard it already.</summary>
    public Task Goodbye(Goodbye goodbye) => Task.CompletedTask;
}
