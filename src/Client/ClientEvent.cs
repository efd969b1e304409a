using Parley.Contract;

namespace Parley.Client;

/// <summary>Something an application may want to show. One of the nested records.</summary>
public abstract record ClientEvent
{
    private ClientEvent()
    {
    }

    /// <summary>The connection's state moved.</summary>
    public sealed record ConnectionMoved(ConnectionState State) : ClientEvent;

    /// <summary>
    /// A message is new or moved; in number order within a conversation. <c>Before</c> is null for a new one.
    /// </summary>
    public sealed record MessageMoved(Message Message, Message? Before) : ClientEvent;

    /// <summary>A message in the outbox moved.</summary>
    public sealed record OutboxMoved(OutboxItem Item) : ClientEvent;

    /// <summary>A member received or read more. Statuses of messages up to there may have moved.</summary>
    public sealed record ReceiptMoved(Receipt Receipt) : ClientEvent;

    /// <summary>A conversation is new or its state moved.</summary>
    public sealed record ConversationMoved(Conversation Conversation) : ClientEvent;

    /// <summary>A membership is new or moved.</summary>
    public sealed record MembershipMoved(Membership Membership) : ClientEvent;

    /// <summary>The person is not a member any more: the conversation is forgotten.</summary>
    public sealed record ConversationLeft(ConversationId ConversationId) : ClientEvent;

    /// <summary>The person's settings moved.</summary>
    public sealed record SettingsMoved(AccountSettings Settings) : ClientEvent;

    /// <summary>A message of the person's expired. Told exactly once per device. Rule EX-2.</summary>
    public sealed record NoticeArrived(Notice Notice) : ClientEvent;

    /// <summary>Who types now; empty when nobody does.</summary>
    public sealed record TypingMoved(Typing Typing) : ClientEvent;

    /// <summary>How watched people appear now.</summary>
    public sealed record PresenceMoved(Presence Presence) : ClientEvent;

    /// <summary>The server started over: the cache was dropped and is being filled again. Rule SY-6.</summary>
    public sealed record WasReset : ClientEvent;

    /// <summary>Something on this device failed, such as a full disk. Nothing is lost; it is tried again.</summary>
    public sealed record Trouble(Exception Error) : ClientEvent;
}
