using System.Collections.Immutable;
using System.Text.Json;
using Parley.Contract;

namespace Parley.Client.Storing;

/// <summary>
/// The cache as files: one per conversation and one for the account, each replaced whole. Only what moved is written.
/// The account's file goes last: should the power fail before it, its cursor still asks for what the others lack.
/// </summary>
public sealed class FileStore : IStore
{
    /// <summary>Messages kept of one conversation; older ones are read from the server again.</summary>
    private const int MessagesMax = 200;

    private readonly string _folder;
    private readonly Action<string>? _boundary;
    private ClientState _saved = ClientState.Empty;

    /// <summary>Opens or makes the folder.</summary>
    public FileStore(string folder) : this(folder, null)
    {
    }

    /// <param name="folder">Holds nothing else.</param>
    /// <param name="boundary">Told before each step that reaches the disk; a test dies there.</param>
    internal FileStore(string folder, Action<string>? boundary)
    {
        (_folder, _boundary) = (folder, boundary);
        Directory.CreateDirectory(folder);
    }

    private string AccountFile => Path.Combine(_folder, "account.json");

    /// <inheritdoc/>
    public ClientState Load()
    {
        if (Read<StoredAccount>(AccountFile) is not { } account)
            return ClientState.Empty;

        var read = Directory.EnumerateFiles(_folder, "conversation-*.json").Select(Read<StoredConversation>).ToList();
        var conversations = read.OfType<StoredConversation>()
            .Where(stored => stored.Epoch == account.Epoch)
            .Select(stored => stored.ToState())
            .ToImmutableDictionary(state => state.Id);
        _saved = new(
            account.Epoch,
            read.Contains(null) ? 0 : account.AccountSeq, // From 0 the account stream names every conversation again.
            account.Settings,
            conversations,
            account.People.ToImmutableDictionary(person => person.Id));
        return _saved;
    }

    /// <inheritdoc/>
    public void Save(ClientState state)
    {
        var sameEpoch = state.Epoch == _saved.Epoch;
        foreach (var (id, conversation) in state.Conversations)
        {
            if (!sameEpoch || !ReferenceEquals(_saved.Conversations.GetValueOrDefault(id), conversation))
                Write(FileOf(id), StoredConversation.Of(state.Epoch, Apply.KeepLast(conversation, MessagesMax)));
        }

        if (!sameEpoch || state.AccountSeq != _saved.AccountSeq || state.Settings != _saved.Settings
            || !ReferenceEquals(state.People, _saved.People))
        {
            Write(AccountFile, new StoredAccount(
                state.Epoch, state.AccountSeq, state.Settings, [.. state.People.Values]));
        }

        foreach (var id in _saved.Conversations.Keys.Where(id => !state.Conversations.ContainsKey(id)))
        {
            _boundary?.Invoke("delete");
            File.Delete(FileOf(id));
        }

        _saved = state;
    }

    private string FileOf(ConversationId id) => Path.Combine(_folder, $"conversation-{id}.json");

    private void Write<T>(string path, T value) =>
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options), _boundary);

    private static T? Read<T>(string path) where T : class
    {
        if (!File.Exists(path))
            return null;

        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), WireJson.Options);
        }
        catch (JsonException)
        {
            // It is a cache: what cannot be read is fetched again.
            return null;
        }
    }

    private sealed record StoredAccount(
        string? Epoch, long AccountSeq, AccountSettings? Settings, IReadOnlyList<Person> People);

    private sealed record StoredConversation(
        string? Epoch,
        Conversation Conversation,
        long Seq,
        long ReceiptSeq,
        long HeadNumber,
        long FromNumber,
        long ReadWanted,
        long DeliveredNumber,
        long ReadNumber,
        IReadOnlyList<Membership> Memberships,
        IReadOnlyList<Receipt> Receipts,
        IReadOnlyList<Message> Messages)
    {
        public static StoredConversation Of(string? epoch, ConversationState state) => new(
            epoch,
            state.Conversation,
            state.Seq,
            state.ReceiptSeq,
            state.HeadNumber,
            state.FromNumber,
            state.ReadWanted,
            state.DeliveredNumber,
            state.ReadNumber,
            [.. state.Memberships.Values],
            [.. state.Receipts.Values],
            [.. state.Messages.Values]);

        public ConversationState ToState() => new(
            Conversation,
            Seq,
            ReceiptSeq,
            HeadNumber,
            FromNumber,
            ReadWanted,
            DeliveredNumber,
            ReadNumber,
            Memberships.ToImmutableDictionary(membership => membership.AccountId),
            Receipts.ToImmutableDictionary(receipt => receipt.AccountId),
            Messages.ToImmutableSortedDictionary(message => message.Number, message => message));
    }
}
