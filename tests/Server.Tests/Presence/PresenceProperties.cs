using FsCheck;
using FsCheck.Fluent;
using Parley.Contract;
using Parley.Server.Presence;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Presence;

/// <summary>Leases against a model, with connections, frames, drops and silence drawn at random.</summary>
public sealed class PresenceProperties
{
    private static readonly AccountId Person = new(Guid.NewGuid());

    private static readonly Arbitrary<(int Act, int Connection, int AfterMs)[]> Acts = (
        from act in Gen.Choose(0, 4)
        from connection in Gen.Choose(0, 2)
        from afterMs in Gen.Choose(0, 40_000)
        select (act, connection, afterMs)).ArrayOf().ToArbitrary();

    [Fact]
    public void PR1_Property7_Presence_follows_the_last_frame_of_the_last_connection() =>
        Prop.ForAll(Acts, acts =>
        {
            var clock = new FakeClock();
            var leases = new PresenceLeases(clock);
            var model = new Model(clock);
            foreach (var (act, connection, afterMs) in acts)
            {
                clock.Advance(TimeSpan.FromMilliseconds(afterMs));
                model.Expire(leases.TakeGone());
                Act(leases, model, act, "connection " + connection);
                model.Judge(leases);
            }

            clock.Advance(TimeSpan.FromSeconds(30));
            model.Expire(leases.TakeGone());
            model.Judge(leases);
            return model.Breach is null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void Act(PresenceLeases leases, Model model, int act, string connection)
    {
        switch (act)
        {
            case 0 or 1:
                leases.Connected(Person, connection);
                model.Connected(connection);
                break;
            case 2:
                leases.Touched(Person, connection);
                model.Touched(connection);
                break;
            case 3:
                leases.Disconnected(Person, connection, TimeSpan.Zero);
                model.Disconnected(connection, TimeSpan.Zero);
                break;
            default:
                leases.Disconnected(Person, connection, TimeSpan.FromSeconds(30));
                model.Disconnected(connection, TimeSpan.FromSeconds(30));
                break;
        }
    }

    private sealed class Model(FakeClock clock)
    {
        private readonly Dictionary<string, DateTimeOffset> _open = [];
        private DateTimeOffset? _lastFrameAt;

        public string? Breach { get; private set; }

        public void Connected(string connection) => _open[connection] = clock.GetUtcNow();

        public void Touched(string connection)
        {
            if (_open.ContainsKey(connection))
                _open[connection] = clock.GetUtcNow();
        }

        public void Disconnected(string connection, TimeSpan silentFor)
        {
            if (!_open.Remove(connection, out var frameAt))
                return;

            var silentSince = clock.GetUtcNow() - silentFor;
            var last = frameAt > silentSince ? frameAt : silentSince;
            _lastFrameAt = _lastFrameAt > last ? _lastFrameAt : last;
        }

        public void Expire(IReadOnlyDictionary<AccountId, DateTimeOffset> gone)
        {
            var isOver = _open.Count == 0
                && _lastFrameAt is { } last
                && clock.GetUtcNow() - last >= TimeSpan.FromSeconds(30);
            if (gone.ContainsKey(Person) != isOver)
                Breach ??= "gone too early or too late";

            if (!isOver)
                return;

            if (gone.TryGetValue(Person, out var seenAt) && seenAt != _lastFrameAt)
                Breach ??= "last seen at another time than the last frame";

            _lastFrameAt = null;
        }

        public void Judge(PresenceLeases leases)
        {
            if (leases.ConnectionsOf(Person) != _open.Count)
                Breach ??= "another count of connections";

            if (leases.SeenAt(Person) is not null != (_open.Count > 0 || _lastFrameAt is not null))
                Breach ??= "here when gone, or gone when here";

            if (leases.SeenAt(Person) > clock.GetUtcNow())
                Breach ??= "seen in the future";
        }
    }
}
