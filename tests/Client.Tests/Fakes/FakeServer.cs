using Parley.Contract;

namespace Parley.Client.Tests.Fakes;

/// <summary>
/// A small real server in memory: it keeps the protocol's promises and lets a test break the network.
/// </summary>
internal sealed class FakeServer(FakeClock clock)
{
    private readonly Dictionary<AccountId, long> _accountSeqs = [];
    private readonly List<FakeLink> _links = [];

    public Dictionary<ConversationId, FakeLog> Logs { get; private set; } = [];

    public string Epoch { get; private set; } = "one";

    /// <summary>Whether sockets open, and whether requests are answered.</summary>
    public bool HasLive { get; set; } = true;

    public bool HasHttp { get; set; } = true;

    /// <summary>Subjects in one page of changes.</summary>
    public int PageCount { get; set; } = Limits.ChangesPageCount;

    /// <summary>Decides about each push before it leaves: true loses it.</summary>
    public Func<AccountId, string, bool> LosesPush { get; set; } = (_, _) => false;

    /// <summary>How long a push takes; zero delivers it within the call that caused it.</summary>
    public Func<TimeSpan> PushDelay { get; set; } = () => TimeSpan.Zero;

    /// <summary>Decides about each call, by verb and way in, what goes wrong.</summary>
    public Func<string, bool, Fault> FaultOf { get; set; } = (_, _) => Fault.None;

    /// <summary>Refuses a call; null lets it through.</summary>
    public Func<string, object, Refusal?> RefusalOf { get; set; } = (_, _) => null;

    /// <summary>Every verb that arrived, in order, with whether it came through the link.</summary>
    public List<(string Verb, bool IsLive, object Request)> Calls { get; } = [];

    public DateTimeOffset Now => clock.GetUtcNow();

    public FakeClock Clock => clock;

    public ConversationId Add(params IReadOnlyList<AccountId> members)
    {
        var log = new FakeLog(new(Guid.CreateVersion7()), Now, members);
        Logs.Add(log.Id, log);
        foreach (var member in members)
        {
            var seq = _accountSeqs[member] = _accountSeqs.GetValueOrDefault(member) + 1;
            Push(member, Wire.AccountTarget, client => client.Account(
                new(seq - 1, seq, [log.Snapshot(member)], [], null, [], false)));
        }

        return log.Id;
    }

    /// <summary>Puts somebody out and in again, and tells nobody.</summary>
    public void Rejoin(FakeLog log, AccountId member)
    {
        log.Rejoin(member, Now);
        _accountSeqs[member] += 2;
    }

    public IReadOnlyList<FakeLog> LogsOf(AccountId account) =>
        [.. Logs.Values.Where(log => log.Members.ContainsKey(account))];

    public long AccountSeqOf(AccountId account) => _accountSeqs.GetValueOrDefault(account);

    public FakeLink Open(AccountId account, IParleyClient pushes)
    {
        if (!HasLive)
            throw new IOException("Connection refused.");

        var link = new FakeLink(this, account, pushes);
        _links.Add(link);
        return link;
    }

    /// <summary>Closes every link, as a killed server does.</summary>
    public void Kill()
    {
        HasLive = HasHttp = false;
        foreach (var link in _links.ToArray())
            link.Break();
    }

    public void Revive() => HasLive = HasHttp = true;

    /// <summary>Loses everything, as a restore of an empty backup would.</summary>
    public void Restore(string epoch, params IReadOnlyList<AccountId> members)
    {
        Logs = [];
        _accountSeqs.Clear();
        Epoch = epoch;
        Add(members);
    }

    public void Goodbye(Goodbye goodbye)
    {
        foreach (var link in _links.ToArray())
        {
            _ = link.Pushes.Goodbye(goodbye);
            link.Break();
        }
    }

    public void Heartbeat()
    {
        foreach (var link in _links.ToArray())
            _ = link.Pushes.Heartbeat(new(Epoch, DigestOf(link.Account), Now));
    }

    public void Push(AccountId account, string target, Func<IParleyClient, Task> push, FakeLink? except = null)
    {
        foreach (var link in _links.Where(link => link.Account == account && link != except).ToArray())
        {
            if (LosesPush(account, target))
                continue;

            var delay = PushDelay();
            if (delay == TimeSpan.Zero)
                _ = push(link.Pushes);
            else
                clock.CreateTimer(_ => push(link.Pushes), null, delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Forget(FakeLink link) => _links.Remove(link);

    private long DigestOf(AccountId account)
    {
        var sum = HeadsDigest.OfAccount(AccountSeqOf(account));
        foreach (var log in LogsOf(account))
            sum = unchecked(sum + HeadsDigest.OfConversation(log.Id, log.Seq, log.ReceiptSeq, log.Members.Count));
        return sum;
    }

    /// <summary>What goes wrong with a call.</summary>
    internal enum Fault
    {
        None,

        /// <summary>It never arrives.</summary>
        LosesRequest,

        /// <summary>It is done, and the answer is lost.</summary>
        LosesAnswer,

        /// <summary>It is done, and the connection breaks before the answer.</summary>
        BreaksBeforeAnswer,
    }
}
