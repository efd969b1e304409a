using Parley.Contract;

namespace Parley.Server.Messages;

/// <summary>Is told, after the commit, that somebody has said something. Enqueues and returns.</summary>
internal interface IMessageSent
{
    void Sent(ConversationId conversation, AccountId author);
}
