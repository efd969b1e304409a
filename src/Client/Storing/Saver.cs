namespace Parley.Client.Storing;

/// <summary>Saves the cache soon after it moved: at once when it was quiet, else with what else moves in that quarter
/// of a second. Runs in the mailbox.</summary>
internal sealed class Saver(Mailbox mailbox, IStore store)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(5);

    private ClientState? _dirty;
    private bool _isResting;

    /// <summary>What a crash would leave.</summary>
    public ClientState Saved { get; private set; } = store.Load();

    /// <summary>Told after each save.</summary>
    public required Action<ClientState> Stored { get; init; }

    public void Save(ClientState state)
    {
        _dirty = state;
        if (!_isResting)
            SaveNow();
    }

    public void SaveNow()
    {
        if (_dirty is not { } state)
            return;

        _isResting = true;
        var pause = PauseAfterTrouble;
        try
        {
            store.Save(state);
            _dirty = null;
            Saved = state;
            pause = Pause;
        }
        finally
        {
            mailbox.Later(pause, () =>
            {
                _isResting = false;
                SaveNow();
            });
        }

        Stored(state);
    }
}
