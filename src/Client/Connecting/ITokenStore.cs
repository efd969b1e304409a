namespace Parley.Client.Connecting;

/// <summary>
/// Where a device keeps its session between runs. <see cref="MemoryTokenStore"/> or <see cref="FileTokenStore"/>.
/// </summary>
public interface ITokenStore
{
    /// <summary>The tokens, or null when there are none.</summary>
    StoredTokens? Load();

    /// <summary>Keeps the tokens, durably if the store is; null forgets them.</summary>
    void Save(StoredTokens? tokens);
}
