using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Conversations;

internal static class ConversationsEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var conversations = api.MapGroup("/conversations").WithTags("Conversations");
        conversations.MapPost("/direct", Direct).Produces<ConversationSnapshot>();
        conversations.MapPost("/groups", Group).Produces<ConversationSnapshot>();
        conversations.MapPut("/{conversationId}/name", Rename).Produces(StatusCodes.Status204NoContent);
        conversations.MapPut("/{conversationId}/archived", Archive).Produces(StatusCodes.Status204NoContent);
        conversations.MapGet("/{conversationId}/members", Members).Produces<MembersPage>();
        conversations.MapPost("/{conversationId}/members", Add).Produces(StatusCodes.Status204NoContent);
        conversations.MapDelete("/{conversationId}/members/{member}", Remove).Produces(StatusCodes.Status204NoContent);
        conversations.MapPut("/{conversationId}/members/{member}/role", SetRole)
            .Produces(StatusCodes.Status204NoContent);
    }

    private static Task<IResult> Direct(
        Caller caller, OpenDirectRequest request, OpenDirect open, CancellationToken cancel) =>
        open.RunAsync(caller, request, cancel).ToResultAsync();

    private static Task<IResult> Group(
        Caller caller, CreateGroupRequest request, CreateGroup make, CancellationToken cancel) =>
        make.RunAsync(caller, request, cancel).ToResultAsync();

    private static Task<IResult> Rename(
        Caller caller, Guid conversationId, NameBody body, RenameGroup rename, CancellationToken cancel) =>
        rename.RunAsync(caller, new(new(conversationId), body.Name), cancel).ToResultAsync();

    private static Task<IResult> Archive(
        Caller caller, Guid conversationId, ArchivedBody body, SetArchived archive, CancellationToken cancel) =>
        archive.RunAsync(caller, new(new(conversationId), body.Archived), cancel).ToResultAsync();

    private static Task<IResult> Members(
        Caller caller, Guid conversationId, Guid? after, GetMembers members, CancellationToken cancel) =>
        members.RunAsync(caller, new(new(conversationId), after is { } id ? new AccountId(id) : null), cancel)
            .ToResultAsync();

    private static Task<IResult> Add(
        Caller caller, Guid conversationId, MembersBody body, AddMembers add, CancellationToken cancel) =>
        add.RunAsync(caller, new(new(conversationId), body.Members), cancel).ToResultAsync();

    private static Task<IResult> Remove(
        Caller caller, Guid conversationId, Guid member, RemoveMember remove, CancellationToken cancel) =>
        remove.RunAsync(caller, new(new(conversationId), new(member)), cancel).ToResultAsync();

    private static Task<IResult> SetRole(
        Caller caller, Guid conversationId, Guid member, RoleBody body, SetMemberRole set, CancellationToken cancel) =>
        set.RunAsync(caller, new(new(conversationId), new(member), body.Role), cancel).ToResultAsync();
}
