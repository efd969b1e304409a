using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Direct;

internal static class DirectEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/people/{handle}/messages").WithTags("Messages");
        messages.MapGet("/", History).Produces<HistoryPage>();
        messages.MapGet("/older", Older).Produces<HistoryPage>();
        messages.MapPost("/", Send).Produces<MessageSent>();
        messages.MapGet("/queue", Queue).Produces<QueuedMessages>();
        messages.MapPost("/queue", Enqueue).Produces<MessageSent>(StatusCodes.Status202Accepted);
    }

    private static Task<IResult> History(
        Caller caller, string handle, GetDirectHistory history, CancellationToken cancel) =>
        history.RunAsync(caller, handle, null, cancel).ToResultAsync();

    private static Task<IResult> Older(
        Caller caller, string handle, long before, GetDirectHistory history, CancellationToken cancel) =>
        history.RunAsync(caller, handle, before, cancel).ToResultAsync();

    private static Task<IResult> Send(
        Caller caller, string handle, SendBody body, SendDirect send, CancellationToken cancel) =>
        send.RunAsync(caller, handle, body, cancel).ToResultAsync();

    private static Task<IResult> Queue(Caller caller, string handle, GetQueue queue, CancellationToken cancel) =>
        queue.RunAsync(caller, handle, cancel).ToResultAsync();

    /// <summary>To queue is to send: the ack says it is on disk, 202 says that it may have yet to arrive.</summary>
    private static async Task<IResult> Enqueue(
        Caller caller, string handle, SendBody body, SendDirect send, CancellationToken cancel)
    {
        var answer = await send.RunAsync(caller, handle, body, cancel);
        return answer.Refusal?.ToResult() ?? TypedResults.Accepted((string?)null, answer.Value);
    }
}
