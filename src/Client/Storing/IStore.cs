namespace Parley.Client.Storing;

/// <summary>
/// Keeps what a device has cached. When <see cref="Save"/> returns, the state survives a power cut (as far as the store
/// promises that): only then a message counts as delivered. <see cref="FileStore"/> or <see cref="MemoryStore"/>.
/// </summary>
public interface IStore
{
    /// <summary>The state saved last; <see cref="ClientState.Empty"/> when there is none.</summary>
    ClientState Load();

    /// <summary>Replaces what is kept. Throwing means that the former state, or a part of the new one, is kept: both
    /// are good to continue from.</summary>
    void Save(ClientState state);
}
