using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Receipts;

/// <summary>Moves the caller's watermarks, with whatever other receipts arrived while the last commit ran.</summary>
internal sealed class AdvanceReceipts(IDatabase database, AdvanceBatch batch)
{
    private readonly GroupCommit<Advancing, Outcome<Receipt>> _commit = new(database, batch.WriteAsync);

    public async Task<Outcome<Receipt>> RunAsync(Caller caller, AdvanceReceiptsRequest request)
    {
        if (request.DeliveredNumber < 0 || request.ReadNumber < 0)
            return Refuse.Invalid("deliveredNumber, readNumber: must not be negative.");

        return await _commit.SubmitAsync(request.ConversationId.Value, new(caller.AccountId, request));
    }
}

/// <summary>A receipt on its way to disk.</summary>
internal sealed record Advancing(AccountId Account, AdvanceReceiptsRequest Request);
