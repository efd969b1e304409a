namespace Parley.Contract;

/// <summary>
/// What changed in one conversation between two cursors. The same record is pushed live (as <c>changes</c>) and
/// answered to catch-up; applying it is an upsert that may be repeated.
/// </summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="AfterSeq">It continues from this cursor: apply when you have at least this much.</param>
/// <param name="Seq">Having applied it, this is your cursor.</param>
/// <param name="HeadNumber">Number of the last message at <paramref name="Seq"/>.</param>
/// <param name="Conversation">Its state if it moved; null otherwise.</param>
/// <param name="Memberships">Memberships that moved; never null.</param>
/// <param name="Messages">Messages that are new or moved, in number order; never null.</param>
/// <param name="HasMore">True in catch-up when this page is not the end: ask again from <paramref name="Seq"/>.</param>
/// <remarks>Rules SY-1 to SY-3.</remarks>
public sealed record Changes(
    ConversationId ConversationId,
    long AfterSeq,
    long Seq,
    long HeadNumber,
    Conversation? Conversation,
    IReadOnlyList<Membership> Memberships,
    IReadOnlyList<Message> Messages,
    bool HasMore);

/// <summary>Asks for what lies after a cursor in one conversation. Refusals: notFound.</summary>
public sealed record GetChangesRequest(ConversationId ConversationId, long AfterSeq);

/// <summary>How far a device is in one conversation it has cached.</summary>
public sealed record ConversationCursor(ConversationId ConversationId, long Seq, long ReceiptSeq);

/// <summary>The one request of a reconnect. Rule SY-4.</summary>
/// <param name="Epoch">The server's epoch the cursors belong to; null on a fresh device.</param>
/// <param name="AccountSeq">Cursor of the account stream; 0 on a fresh device.</param>
/// <param name="Conversations">Cursors of what is cached, at most <see cref="Limits.SyncCursorsMax"/>; more go in
/// further requests.</param>
public sealed record SyncRequest(string? Epoch, long AccountSeq, IReadOnlyList<ConversationCursor> Conversations);

/// <summary>What a reconnecting device missed.</summary>
/// <param name="Epoch">The server's epoch. When it differs from the asked one, drop all cursors and caches
/// first.</param>
/// <param name="Reset">True when the cursors could not be served: drop the cache and apply this as a first sync. Rule
/// SY-6.</param>
/// <param name="ServerTime">For showing times; never for ordering.</param>
/// <param name="Account">The account stream after the asked cursor.</param>
/// <param name="Conversations">Catch-up of the asked conversations that moved; those that did not are left out.</param>
/// <param name="Receipts">Receipts that moved in the asked conversations.</param>
/// <param name="Gone">Asked conversations the caller is not a member of any more: forget them.</param>
public sealed record SyncReply(
    string Epoch,
    bool Reset,
    DateTimeOffset ServerTime,
    AccountChanges Account,
    IReadOnlyList<Changes> Conversations,
    IReadOnlyList<ReceiptsMoved> Receipts,
    IReadOnlyList<ConversationId> Gone);

/// <summary>
/// What changed for the account outside its conversations. Pushed live as <c>account</c>, answered to sync. Rule SY-7.
/// </summary>
/// <param name="AfterSeq">It continues from this cursor.</param>
/// <param name="Seq">Having applied it, this is your cursor.</param>
/// <param name="Joined">Conversations the account became a member of; replaces whatever is cached of them.</param>
/// <param name="Left">Conversations the account is not a member of any more: forget them.</param>
/// <param name="Settings">The account's settings if they moved; null otherwise.</param>
/// <param name="Notices">Durable notices, oldest first.</param>
/// <param name="HasMore">True when this page is not the end: sync again from <paramref name="Seq"/>.</param>
public sealed record AccountChanges(
    long AfterSeq,
    long Seq,
    IReadOnlyList<ConversationSnapshot> Joined,
    IReadOnlyList<ConversationId> Left,
    AccountSettings? Settings,
    IReadOnlyList<Notice> Notices,
    bool HasMore);

/// <summary>Something the account is told exactly once: a message of theirs expired. Rule EX-2.</summary>
/// <param name="ConversationId">Where.</param>
/// <param name="MessageId">Which message.</param>
/// <param name="Number">Its number.</param>
/// <param name="Undelivered">To how many members it never got.</param>
/// <param name="At">Server time.</param>
public sealed record Notice(
    ConversationId ConversationId, MessageId MessageId, long Number, int Undelivered, DateTimeOffset At);

/// <summary>
/// Pushed as <c>heartbeat</c> at least every 30 seconds. A device whose own digest differs asks for a sync. Rule SY-5.
/// </summary>
/// <param name="Epoch">The server's epoch.</param>
/// <param name="Digest">See <see cref="HeadsDigest"/>.</param>
/// <param name="ServerTime">For showing times.</param>
public sealed record Heartbeat(string Epoch, long Digest, DateTimeOffset ServerTime);
