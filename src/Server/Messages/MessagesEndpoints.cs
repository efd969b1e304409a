using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Messages;

internal static class MessagesEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/conversations/{conversationId}/messages").WithTags("Messages");
        messages.MapPost("/", Send).Produces<MessageSent>();
        messages.MapGet("/", History).Produces<HistoryPage>();
        messages.MapPatch("/{id}", Edit).Produces<Message>();
        messages.MapDelete("/{id}", Remove).Produces<Message>();
    }

    private static Task<IResult> Send(Caller caller, Guid conversationId, SendBody body, SendMessage send) =>
        send.RunAsync(caller, new(body.Id, new(conversationId), body.Body)).ToResultAsync();

    private static Task<IResult> History(
        Caller caller,
        Guid conversationId,
        [AsParameters] HistoryQuery query,
        GetHistory history,
        CancellationToken cancel) =>
        history.RunAsync(caller, query.Of(new(conversationId)), cancel).ToResultAsync();

    private static Task<IResult> Edit(
        Caller caller, Guid conversationId, Guid id, EditBody body, EditMessage edit, CancellationToken cancel) =>
        edit.RunAsync(caller, new(new(conversationId), new(id), body.Body, body.Version), cancel).ToResultAsync();

    private static Task<IResult> Remove(
        Caller caller, Guid conversationId, Guid id, RemoveMessage remove, CancellationToken cancel) =>
        remove.RunAsync(caller, new(new(conversationId), new(id)), cancel).ToResultAsync();
}
