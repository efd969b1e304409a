using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Conversations;
using Parley.Server.Kernel;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Server.Tests.Doors;

/// <summary>Where somebody stands to what is asked for.</summary>
internal enum Standing
{
    /// <summary>In a conversation of one's own, as one of two owners, about what is one's own.</summary>
    Own,

    /// <summary>As a plain member of the same conversation, about what is a fellow's, who owns it.</summary>
    Fellow,

    /// <summary>In a conversation one never was in, about what is somebody else's.</summary>
    Other,

    /// <summary>About one's own, in a conversation one was removed from; the person is a former fellow.</summary>
    Removed,

    /// <summary>As own, after the account was deactivated.</summary>
    Deactivated,

    /// <summary>About what does not exist.</summary>
    Nowhere,
}

/// <summary>Somebody, and what the request is about.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Conversation">Where.</param>
/// <param name="Message">Which.</param>
/// <param name="Person">About whom.</param>
/// <param name="Handle">Of that person.</param>
/// <param name="Device">Which device.</param>
/// <param name="Newcomer">A staff member who is nowhere yet.</param>
internal sealed record Scene(
    SignedIn Caller,
    ConversationId Conversation,
    MessageId Message,
    AccountId Person,
    string Handle,
    DeviceId Device,
    AccountId Newcomer)
{
    private static int _made;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sets it up, but for the deactivation: that comes when the doors are open.</summary>
    public static async Task<Scene> SetAsync(TestServer server, Role role, Standing standing)
    {
        var id = new ConversationId(Guid.CreateVersion7());
        var (caller, mate, stranger, newcomer) = await server.Database.WriteAsync(async turn =>
        {
            var caller = await EnterAsync(server, turn, "caller", role);
            var mate = await EnterAsync(server, turn, "mate", Role.Member);
            var stranger = await EnterAsync(server, turn, "stranger", Role.Member);
            var newcomer = await EnterAsync(server, turn, "newcomer", Role.Staff);
            var make = server.Get<NewConversation>();
            var row = make.Row(id, ConversationKind.Group, "Choir", HistoryPolicy.FromJoining);
            await make.InsertAsync(turn, row, null, MembersOf(standing, caller.Me.Id, mate.Me.Id, stranger.Me.Id));
            return (caller, mate, stranger, newcomer);
        }, Cancel);

        var person = standing switch
        {
            Standing.Own or Standing.Deactivated => caller,
            Standing.Fellow or Standing.Removed => mate,
            _ => stranger,
        };
        var author = standing is Standing.Removed ? caller : person;
        var message = new MessageId(Guid.CreateVersion7());
        var sent = await server.Get<SendMessage>().RunAsync(CallerOf(author), new(message, id, "said"));
        Assert.True(sent.Refusal is null || standing == Standing.Nowhere, sent.Refusal?.Detail);
        if (standing == Standing.Removed)
            await server.Get<RemoveMember>().RunAsync(CallerOf(mate), new(id, caller.Me.Id), Cancel);

        var scene = new Scene(caller, id, message, person.Me.Id, person.Me.Handle, person.DeviceId, newcomer.Me.Id);
        return standing != Standing.Nowhere ? scene : scene with
        {
            Conversation = new(Guid.NewGuid()),
            Message = new(Guid.NewGuid()),
            Person = new(Guid.NewGuid()),
            Handle = "nobody-here",
            Device = new(Guid.NewGuid()),
        };
    }

    public async Task DeactivateAsync(TestServer server)
    {
        var administrator = new Caller(default, default, Role.Administrator);
        var gone = await server.Get<DeactivateAccount>().RunAsync(administrator, Caller.Me.Id, Cancel);
        Assert.Null(gone.Refusal);
    }

    private static (AccountId, MembershipRole)[] MembersOf(
        Standing standing, AccountId caller, AccountId mate, AccountId stranger) => standing switch
        {
            Standing.Own or Standing.Deactivated => [(caller, MembershipRole.Owner), (mate, MembershipRole.Owner)],
            Standing.Fellow or Standing.Removed => [(caller, MembershipRole.Member), (mate, MembershipRole.Owner)],
            _ => [(stranger, MembershipRole.Owner)],
        };

    private static async Task<SignedIn> EnterAsync(TestServer server, Transaction turn, string name, Role role)
    {
        var handle = $"{name}{Interlocked.Increment(ref _made)}";
        var made = await server.Get<NewAccount>().InsertAsync(turn, new(handle, name, role, null), null);
        var account = await AccountSql.FindAsync(turn, made.Value!.Id);
        return await server.Get<NewSession>().BeginAsync(turn, account!, "Test");
    }

    private static Caller CallerOf(SignedIn session) => new(session.Me.Id, session.DeviceId, session.Me.Role);
}
