using Parley.Contract;

namespace Parley.Client;

/// <summary>
/// Lets through one sign of typing a second per conversation, and the stop only after a start. Rule TY-1. By the steady
/// clock: a wall clock set back would keep a person from being seen typing until it has caught up.
/// </summary>
internal sealed class TypingPace(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ConversationId, long> _since = [];

    public bool IsDue(ConversationId conversation, bool isTyping)
    {
        lock (_gate)
        {
            if (!isTyping)
                return _since.Remove(conversation);

            var now = time.GetTimestamp();
            if (_since.TryGetValue(conversation, out var last) && time.GetElapsedTime(last, now) < Pause)
                return false;

            _since[conversation] = now;
            return true;
        }
    }
}
