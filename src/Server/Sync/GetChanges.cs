using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Sync;

/// <summary>Fills a gap in one conversation (rule SY-3).</summary>
internal sealed class GetChanges(IDatabase database)
{
    public Task<Outcome<Changes>> RunAsync(Caller caller, GetChangesRequest request, CancellationToken cancel) =>
        database.ReadAsync<Outcome<Changes>>(async view =>
        {
            var visible = await Visibility.OfAsync(view, caller.AccountId, request.ConversationId);
            if (visible is null)
                return Refuse.NotFound;

            var row = (await ConversationHead.ReadAsync(view, request.ConversationId))!;
            if (request.AfterSeq < 0 || request.AfterSeq > row.HeadSeq)
                return Refuse.Invalid($"afterSeq: must be 0 to {row.HeadSeq}, the head. Sync to learn where you are.");

            return await ConversationChanges.ReadAsync(view, row, visible.After, request.AfterSeq);
        }, cancel);
}
