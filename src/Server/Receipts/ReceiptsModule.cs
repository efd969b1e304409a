using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Receipts;

// Receipts say how far everyone is: two watermarks per member that only move forward, and when they moved. Two hundred
// messages read at once are one advance. This room keeps no row per message and person, never moves somebody else's
// watermark, and never tells what a person chose to hide.
internal static class ReceiptsModule
{
    public static IServiceCollection AddReceipts(this IServiceCollection services)
    {
        services.AddSingleton<IReceiptStore>(provider => provider.GetRequiredService<IDatabase>().Kind == "sqlite"
            ? new SqliteReceiptStore()
            : new PostgresReceiptStore());
        return services
            .AddSingleton<AdvanceBatch>()
            .AddSingleton<AdvanceReceipts>()
            .AddSingleton<GetMessageReceipts>();
    }

    public static void MapReceipts(this RouteGroupBuilder api)
    {
        var conversation = api.MapGroup("/conversations/{conversationId}").WithTags("Receipts");
        conversation.MapPut("/receipt", Advance).Produces<Receipt>();
        conversation.MapGet("/messages/{number:long}/receipts", OfMessage).Produces<MessageReceipts>();
    }

    private static Task<IResult> Advance(
        Caller caller, Guid conversationId, ReceiptBody body, AdvanceReceipts advance) =>
        advance.RunAsync(caller, new(new(conversationId), body.DeliveredNumber, body.ReadNumber)).ToResultAsync();

    private static Task<IResult> OfMessage(
        Caller caller, Guid conversationId, long number, GetMessageReceipts receipts, CancellationToken cancel) =>
        receipts.RunAsync(caller, new(new(conversationId), number), cancel).ToResultAsync();
}
