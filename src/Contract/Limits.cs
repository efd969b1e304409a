namespace Parley.Contract;

/// <summary>The numbers both sides must agree on. Each bound is inclusive.</summary>
public static class Limits
{
    /// <summary>Graphemes in a message body, unless the operator configures another bound. Requirement
    /// SEC-07.</summary>
    public const int BodyLengthMax = 4_000;

    /// <summary>Bytes of one frame a client may send. Rule WR-3.</summary>
    public const int FrameBytesMax = 32 * 1024;

    /// <summary>Nesting of one JSON text a client may send. Rule WR-3.</summary>
    public const int JsonDepthMax = 16;

    /// <summary>Messages in the first page of a conversation. Requirement HI-02.</summary>
    public const int FirstPageCount = 50;

    /// <summary>Messages in each further page. Requirement HI-02.</summary>
    public const int PageCount = 20;

    /// <summary>Messages a caller may ask for in one page. Requirement HI-06.</summary>
    public const int PageCountMax = 100;

    /// <summary>Subjects in one catch-up page of one conversation. Rule SY-3.</summary>
    public const int ChangesPageCount = 200;

    /// <summary>Cursors one sync request may carry. Rule SY-4.</summary>
    public const int SyncCursorsMax = 200;

    /// <summary>Conversations one sync reply carries in full; the rest follows on the next request. Rule
    /// SY-4.</summary>
    public const int SyncConversationsMax = 50;

    /// <summary>Members up to which every receipt goes to every member; above, to the authors concerned. Rule
    /// RC-4.</summary>
    public const int ReceiptsToAllMembersMax = 64;

    /// <summary>Members of a group.</summary>
    public const int GroupMembersMax = 5_000;

    /// <summary>Characters of a group's name.</summary>
    public const int GroupNameLengthMax = 100;

    /// <summary>Accounts one presence watch may name. Rule PR-3.</summary>
    public const int WatchedMax = 200;

    /// <summary>Accounts one look-up of people may name.</summary>
    public const int PeopleLookupMax = 100;

    /// <summary>Days a message may stay undelivered before its author is told. Requirement OQ-06.</summary>
    public const int ExpiryDays = 7;

    /// <summary>Seconds between two heartbeats at the most. Requirement RT-08.</summary>
    public const int HeartbeatSeconds = 30;

    /// <summary>Characters a password must have at least.</summary>
    public const int PasswordLengthMin = 8;

    /// <summary>Characters a password may have at most.</summary>
    public const int PasswordLengthMax = 256;
}
