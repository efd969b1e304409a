namespace Parley.Client.Connecting;

/// <summary>Keeps tokens until the process ends.</summary>
public sealed class MemoryTokenStore : ITokenStore
{
    private StoredTokens? _tokens;

    /// <inheritdoc/>
    public StoredTokens? Load() => _tokens;

    /// <inheritdoc/>
    public void Save(StoredTokens? tokens) => _tokens = tokens;
}
