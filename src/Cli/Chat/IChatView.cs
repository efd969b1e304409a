using Parley.Client;

namespace Parley.Cli.Chat;

/// <summary>Shows the conversation: line by line to a script, as a screen to a person.</summary>
internal interface IChatView : IDisposable
{
    /// <summary>Shows what is there at the start.</summary>
    Task OpenAsync(CancellationToken cancel);

    /// <summary>Something moved.</summary>
    Task ShowAsync(ClientEvent moved, CancellationToken cancel);

    /// <summary>Shows an answer to a command.</summary>
    void Tell(string text);

    /// <summary>A second passed, or a key was typed.</summary>
    Task RefreshAsync(string typed, CancellationToken cancel);
}
