namespace Parley.Simulation.Checks;

/// <summary>One time during which a person is a member, from joining to leaving.</summary>
internal sealed class Stay(long joinSeq, long joinedNumber, long visibleAfter)
{
    public long JoinSeq => joinSeq;

    public long JoinedNumber => joinedNumber;

    /// <summary>Messages with a larger number may be seen.</summary>
    public long VisibleAfter => visibleAfter;

    /// <summary>The change that ended it; null while it lasts.</summary>
    public long? LeaveSeq { get; set; }

    public long Delivered { get; set; }

    public long Read { get; set; }

    /// <summary>Whether a message in the state it got by a change was ever to be seen during this stay.</summary>
    public bool Saw(long number, long seq) => number > VisibleAfter && (LeaveSeq is not { } left || seq < left);
}
