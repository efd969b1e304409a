using System.Text.Json;
using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>Keeps tokens in a file that only its owner may read.</summary>
/// <param name="path">The file; its folder must exist.</param>
public sealed class FileTokenStore(string path) : ITokenStore
{
    /// <inheritdoc/>
    public StoredTokens? Load()
    {
        if (!File.Exists(path))
            return null;

        try
        {
            return JsonSerializer.Deserialize<StoredTokens>(File.ReadAllBytes(path), WireJson.Options);
        }
        catch (JsonException)
        {
            // Not ours, or from another version: signing in again is harmless.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Save(StoredTokens? tokens)
    {
        if (tokens is null)
            File.Delete(path);
        else
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(tokens, WireJson.Options));
    }
}
