namespace Parley.Client.Storing;

/// <summary>Keeps the state as long as this object lives.</summary>
public sealed class MemoryStore : IStore
{
    private ClientState _state = ClientState.Empty;

    /// <inheritdoc/>
    public ClientState Load() => _state;

    /// <inheritdoc/>
    public void Save(ClientState state) => _state = state;
}
