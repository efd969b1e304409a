using Parley.Contract;

namespace Parley.Client;

/// <summary>
/// Lets through one sign of typing a second per conversation, and the stop only after a start. Rule TY-1.
/// </summary>
internal sealed class TypingPace(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ConversationId, DateTimeOffset> _since = [];

    public bool IsDue(ConversationId conversation, bool isTyping)
    {
        lock (_gate)
        {
            if (!isTyping)
                return _since.Remove(conversation);

            var now = time.GetUtcNow();
            if (_since.TryGetValue(conversation, out var last) && now - last < Pause)
                return false;

            _since[conversation] = now;
            return true;
        }
    }
}
