using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Parley.Server.Storage;

namespace Parley.Server.Accounts.Tokens;

/// <summary>
/// The keys this installation signs with, newest first, in a file that only its user may read. The newest whose time
/// has come signs, all of them verify. The file is looked at again every few seconds, so a rotation needs no restart.
/// </summary>
internal sealed class SigningKeys
{
    private const int LookEverySeconds = 5;
    private const int OverlapSeconds = 60;
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _looking = new();
    private long _lookedAt;
    private DateTime _written;
    private volatile IReadOnlyList<SigningKey> _keys;

    public SigningKeys(
        IOptions<AccountsOptions> options,
        IOptions<StorageOptions> storage,
        TimeProvider time,
        ILogger<SigningKeys> log)
    {
        _time = time;
        _log = log;
        _path = string.IsNullOrWhiteSpace(options.Value.SigningKeyFile)
            ? Path.Combine(storage.Value.DataFolder, "keys", "signing.json")
            : options.Value.SigningKeyFile;
        if (!File.Exists(_path))
            Save([New(time.GetUtcNow())], overwrite: false);

        _keys = Load();
    }

    /// <summary>All that verify, newest first.</summary>
    public IReadOnlyList<SigningKey> All
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)).TotalSeconds >= LookEverySeconds)
                LookAgain();
            return _keys;
        }
    }

    /// <summary>The one that signs now.</summary>
    public SigningKey Signing
    {
        get
        {
            var now = _time.GetUtcNow();
            var keys = All;
            return keys.FirstOrDefault(key => key.SignsFrom <= now) ?? keys[^1];
        }
    }

    /// <summary>
    /// Adds a key that signs from one minute on, when every node knows it, and drops those whose last token has
    /// expired.
    /// </summary>
    public void Rotate()
    {
        lock (_looking)
        {
            var now = _time.GetUtcNow();
            var old = Load();
            var needed = old.Where((_, i) => i == 0 || old[i - 1].SignsFrom > now - AccountRules.RefreshIdle);
            Save([New(now.AddSeconds(OverlapSeconds)), .. needed], overwrite: true);
            _keys = Load();
        }
    }

    private void LookAgain()
    {
        lock (_looking)
        {
            try
            {
                if (File.GetLastWriteTimeUtc(_path) != _written)
                    _keys = Load();
            }
            catch (Exception error) when (
                error is IOException or UnauthorizedAccessException or JsonException or FormatException)
            {
                // The keys we have stay good; a half-written or unreachable file is looked at again.
                Log.KeysUnreadable(_log, error);
            }

            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
        }
    }

    private List<SigningKey> Load()
    {
        _written = File.GetLastWriteTimeUtc(_path);
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(_path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            Log.KeysReadableByOthers(_log);
        }

        var stored = JsonSerializer.Deserialize<StoredKeys>(File.ReadAllBytes(_path), Format);
        if (stored?.Keys is not { Count: > 0 } keys || keys.Any(key => key.Secret.Length < SigningKey.SecretBytesMin))
        {
            throw new FormatException(
                $"The signing key file must hold at least one key of {SigningKey.SecretBytesMin} bytes or more. "
                + "Restore it from a backup, or delete it: everybody then signs in again.");
        }

        _lookedAt = _time.GetTimestamp();
        return [.. keys.Select(key => new SigningKey(key.Id, key.Secret, key.SignsFrom))
            .OrderByDescending(key => key.SignsFrom)];
    }

    private void Save(IReadOnlyList<SigningKey> keys, bool overwrite)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(_path))!; // A file's full path has a folder.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var draft = $"{_path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using (var file = new FileStream(draft, how))
        {
            var stored = keys.Select(key => new StoredKey(key.Id, key.Secret, key.SignsFrom));
            JsonSerializer.Serialize(file, new StoredKeys([.. stored]), Format);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, _path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(_path))
        {
            // Another node was first: its key is everybody's.
            File.Delete(draft);
        }
    }

    private static SigningKey New(DateTimeOffset signsFrom) =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), RandomNumberGenerator.GetBytes(32), signsFrom);

    private sealed record StoredKeys(IReadOnlyList<StoredKey> Keys);

    private sealed record StoredKey(string Id, byte[] Secret, DateTimeOffset SignsFrom);
}
