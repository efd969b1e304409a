using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Typing;

namespace Parley.Server.Tests.Typing;

/// <summary>The timing of one conversation against a model, with signs and stops drawn at random.</summary>
public sealed class TypingProperties
{
    private const int TickMs = 10;

    // Stops are rarer than signs; pauses are mostly short, now and then longer than a lease.
    private static readonly Arbitrary<(int Who, bool IsTyping, int AfterMs)[]> Acts = (
        from who in Gen.Choose(0, 3)
        from kind in Gen.Choose(0, 3)
        from afterMs in Gen.OneOf(Gen.Choose(0, 300), Gen.Choose(0, 1_500), Gen.Choose(3_000, 6_000))
        select (who, kind != 0, afterMs)).ArrayOf().ToArbitrary();

    [Fact]
    public void TY2_Property6_Typing_is_shown_soon_after_it_begins_and_never_long_after_it_ends() =>
        Prop.ForAll(Acts, acts =>
        {
            var run = new Run();
            foreach (var (who, isTyping, afterMs) in acts)
            {
                run.Advance(afterMs);
                run.Act(who, isTyping);
            }

            run.Advance(10_000);
            return run.Breach is null && run.IsAtRest;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void TY1_Property15_Typing_floods_are_coalesced() =>
        Prop.ForAll<byte, (byte Who, bool IsTyping)[]>((people, acts) =>
        {
            var run = new Run();
            var count = (people % 40) + 1;
            for (var i = 0; i < 300; i++)
            {
                foreach (var (who, isTyping) in acts)
                    run.Act((who + i) % count, isTyping);

                run.Advance(TickMs);
            }

            // In 3 s: each person's first and one a second after it; and never more than one frame in 100 ms.
            return run.Breach is null
                && run.Frames.Count <= Math.Min(count * 4, 31)
                && run.Frames.TrueForAll(frame => frame.Shown.Count <= TypingRules.ShownMax);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private sealed class Run
    {
        private readonly ConversationTypists _typists = new(new(Guid.NewGuid()));
        private readonly Dictionary<int, Model> _people = [];
        private readonly List<long> _at = [];
        private long _now = 1_000_000;

        public List<TypingFrame> Frames { get; } = [];

        public string? Breach { get; private set; }

        public bool IsAtRest =>
            _typists.IsEmpty && _typists.DueAt == long.MaxValue && (Frames.Count == 0 || Frames[^1].Shown.Count == 0);

        public void Act(int who, bool isTyping)
        {
            var account = Account(who);
            var person = _people.TryGetValue(who, out var known) ? known : _people[who] = new();
            if (!isTyping)
            {
                _typists.End(account, null, _now);
                person.EndsAt = Math.Min(person.EndsAt, _now);
                return;
            }

            if (_now >= person.EndsAt)
                (person.BeganAt, person.IsCalm) = (_now, _at.Count == 0 || _now - _at[^1] >= 1_000);

            person.EndsAt = _now + TypingRules.LeaseMs;
            if (!_typists.TryProlong(account, null, _now))
                _typists.Begin(account, null, _now);
        }

        public void Advance(int ms)
        {
            for (var end = _now + ms; _now < end; _now += TickMs)
            {
                Tell();
                foreach (var (who, person) in _people)
                    Judge(who, person);
            }
        }

        private void Tell()
        {
            if (_typists.DueAt > _now)
                return;

            _typists.TakeGone(_now);
            if (_typists.Tell(_now) is not { } frame)
                return;

            if (_at.Count > 0 && _now - _at[^1] < TypingRules.FrameSpacingMs)
                Breach ??= "two frames in 100 ms";

            foreach (var (who, person) in _people)
            {
                if (frame.Shown.Contains(Account(who)) == frame.Before.Contains(Account(who)))
                    continue;

                if (_now - person.MovedAt < TypingRules.PersonSpacingMs)
                    Breach ??= $"{who} moved twice in a second";

                person.MovedAt = _now;
            }

            Frames.Add(frame);
            _at.Add(_now);
        }

        private void Judge(int who, Model person)
        {
            var isShown = Frames.Count > 0 && Frames[^1].Shown.Contains(Account(who));
            var isTyping = _now < person.EndsAt;
            if (isShown && !isTyping && _now - person.EndsAt > TypingRules.PersonSpacingMs + TypingRules.FrameSpacingMs)
                Breach ??= $"{who} is shown long after the end";

            var hasRoom = Frames.Count == 0 || Frames[^1].Shown.Count < TypingRules.ShownMax;
            if (!isShown && isTyping && hasRoom && _now - person.BeganAt > (person.IsCalm ? 200 : 1_200))
                Breach ??= $"{who} is not shown";
        }

        private static AccountId Account(int who) => new(new Guid(who, 0, 0, new byte[8]));

        private sealed class Model
        {
            public long BeganAt { get; set; }

            public long EndsAt { get; set; }

            public long MovedAt { get; set; } = long.MinValue / 2;

            /// <summary>Whether no frame had left for a second when the person began.</summary>
            public bool IsCalm { get; set; }
        }
    }
}
