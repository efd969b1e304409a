using Parley.Client;
using Parley.Contract;

namespace Parley.Cli.Chat;

/// <summary>The open conversation: who talks to whom, and what is in it.</summary>
internal sealed record ChatRoom(ParleyClient Client, ConversationId Id, Person Other)
{
    public ConversationState? State => Client.State.Conversations.GetValueOrDefault(Id);

    public IReadOnlyList<Message> Messages => [.. State?.Messages.Values ?? []];

    public Message? LastOwn => Messages.LastOrDefault(message => IsOwn(message) && message.RemovedAt is null);

    public bool IsOwn(Message message) => message.AuthorId == Client.Me;

    public string NameOf(AccountId account) =>
        account == Other.Id ? Other.Handle : Client.State.People.GetValueOrDefault(account)?.Handle ?? "you";

    public Message? Find(long number) => State?.Messages.GetValueOrDefault(number);

    /// <summary>What is on screen has been read.</summary>
    public Task ReadAsync(CancellationToken cancel) => Client.MarkReadAsync(Id, State?.HeadNumber ?? 0, cancel);
}
