using Parley.Contract;

namespace Parley.Server.Typing;

/// <summary>
/// Who types in one conversation, what its members were last told of it, and when they are to be told next. It has no
/// clock and no lock: its owner brings both. Instants are milliseconds.
/// </summary>
internal sealed class ConversationTypists(ConversationId id)
{
    private readonly Dictionary<AccountId, Typist> _typists = [];
    private IReadOnlyList<AccountId> _told = [];
    private long _toldAt = long.MinValue / 2;

    public ConversationId Id => id;

    public bool IsEmpty => _typists.Count == 0;

    /// <summary>When <see cref="Tell"/> may have something to do; earlier it has not.</summary>
    public long DueAt { get; private set; } = long.MaxValue;

    private bool HasRoom => _told.Count < TypingRules.ShownMax;

    /// <summary>Prolongs a lease whose right was judged less than a second ago; false if there is none.</summary>
    public bool TryProlong(AccountId account, string? connection, long now)
    {
        if (!_typists.TryGetValue(account, out var typist)
            || !typist.Types(now)
            || now - typist.JudgedAt >= TypingRules.PersonSpacingMs)
        {
            return false;
        }

        Prolong(typist, connection, now);
        return true;
    }

    /// <summary>Begins or prolongs the lease of a person whose right was judged just now.</summary>
    public void Begin(AccountId account, string? connection, long now)
    {
        if (!_typists.TryGetValue(account, out var typist))
            _typists[account] = typist = new() { CausedAt = now - TypingRules.PersonSpacingMs };

        typist.JudgedAt = now;
        Prolong(typist, connection, now);
    }

    /// <summary>Ends a lease; with a connection, only the one which that connection gave the last sign for.</summary>
    public void End(AccountId account, string? connection, long now)
    {
        if (!_typists.TryGetValue(account, out var typist)
            || !typist.Types(now)
            || (connection is not null && typist.Connection != connection))
        {
            return;
        }

        typist.EndsAt = now;
        typist.HasNewSign = false;
        LookAt(NextLook(typist, now));
    }

    /// <summary>Forgets who types no more and was last shown long enough ago.</summary>
    public IReadOnlyList<AccountId> TakeGone(long now)
    {
        List<AccountId>? gone = null;
        foreach (var (account, typist) in _typists)
        {
            if (typist.IsShown || typist.Types(now) || typist.FreeAt > now)
                continue;

            _typists.Remove(account);
            (gone ??= []).Add(account);
        }

        return gone ?? [];
    }

    /// <summary>Takes what the members are to be told now; null when nothing. Decides when to ask again.</summary>
    public TypingFrame? Tell(long now)
    {
        TypingFrame? frame = null;
        if (now >= _toldAt + TypingRules.FrameSpacingMs && (MoveShown(now) || Repeat(now)))
        {
            var shown = _typists.Where(typist => typist.Value.IsShown).Select(typist => typist.Key).ToList();
            foreach (var account in shown)
                _typists[account].HasNewSign = false;

            frame = new(id, shown, _told);
            (_told, _toldAt) = (shown, now);
        }

        // Never at once again: whoever loops over what is due must come to an end.
        DueAt = _typists.Count == 0
            ? long.MaxValue
            : Math.Max(now + 1, _typists.Values.Min(typist => NextLook(typist, now)));
        return frame;
    }

    private void Prolong(Typist typist, string? connection, long now)
    {
        typist.Connection = connection;
        typist.EndsAt = now + TypingRules.LeaseMs;
        typist.HasNewSign = true;
        LookAt(NextLook(typist, now));
    }

    private void LookAt(long instant) => DueAt = Math.Min(DueAt, instant);

    /// <summary>Shows who began and hides who ended, each at most once a second. Who ends makes room first.</summary>
    private bool MoveShown(long now)
    {
        var shown = _told.Count;
        var moved = false;
        foreach (var typist in _typists.Values.Where(typist => typist.IsShown && !typist.Types(now)))
            shown -= Move(typist);

        foreach (var typist in _typists.Values.Where(typist => !typist.IsShown && typist.Types(now)))
            shown += shown < TypingRules.ShownMax ? Move(typist) : 0;

        return moved;

        int Move(Typist typist)
        {
            if (typist.FreeAt > now)
                return 0;

            typist.IsShown = !typist.IsShown;
            typist.CausedAt = now;
            moved = true;
            return 1;
        }
    }

    /// <summary>
    /// Says the same again when there were new signs of it: for whoever has just come, or lost a frame. Receivers may
    /// so forget by themselves what is not repeated.
    /// </summary>
    private bool Repeat(long now)
    {
        if (now < _toldAt + TypingRules.PersonSpacingMs)
            return false;

        var repeats = false;
        foreach (var typist in _typists.Values)
        {
            if (!typist.IsShown || !typist.HasNewSign || typist.FreeAt > now)
                continue;

            typist.CausedAt = now;
            repeats = true;
        }

        return repeats;
    }

    private long NextLook(Typist typist, long now)
    {
        var types = typist.Types(now);
        var frameAt = Math.Max(typist.FreeAt, _toldAt + TypingRules.FrameSpacingMs);
        if (typist.IsShown && types)
        {
            var repeatAt = Math.Max(typist.FreeAt, _toldAt + TypingRules.PersonSpacingMs);
            var hideAt = Math.Max(frameAt, typist.EndsAt);
            return typist.HasNewSign ? Math.Min(repeatAt, hideAt) : hideAt;
        }

        if (typist.IsShown)
            return frameAt;

        // Without room a person waits until somebody ends, which is looked at anyway.
        return types ? (HasRoom ? frameAt : typist.EndsAt) : typist.FreeAt;
    }

    private sealed class Typist
    {
        public string? Connection { get; set; }

        public long EndsAt { get; set; }

        /// <summary>When the right to type here was last read.</summary>
        public long JudgedAt { get; set; }

        /// <summary>When this person last caused a frame.</summary>
        public long CausedAt { get; set; }

        public bool IsShown { get; set; }

        public bool HasNewSign { get; set; }

        /// <summary>When this person may cause a frame again.</summary>
        public long FreeAt => CausedAt + TypingRules.PersonSpacingMs;

        public bool Types(long now) => now < EndsAt;
    }
}

/// <summary>What the members of a conversation are to be told.</summary>
/// <param name="ConversationId">Where.</param>
/// <param name="Shown">Who types.</param>
/// <param name="Before">Who typed by the frame before.</param>
internal sealed record TypingFrame(
    ConversationId ConversationId, IReadOnlyList<AccountId> Shown, IReadOnlyList<AccountId> Before);
