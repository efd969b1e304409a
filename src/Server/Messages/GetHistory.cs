using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Messages;

/// <summary>A page of messages by number: before, after or around one. Rule HI-1.</summary>
internal sealed class GetHistory(IDatabase database)
{
    public async Task<Outcome<HistoryPage>> RunAsync(Caller caller, GetHistoryRequest request, CancellationToken cancel)
    {
        var isFirst = request is { Direction: HistoryDirection.Before, Number: null };
        var count = request.Count ?? (isFirst ? Limits.FirstPageCount : Limits.PageCount);
        if (count is < 1 or > Limits.PageCountMax)
            return Refuse.Invalid($"count: must be 1 to {Limits.PageCountMax}.");

        if (request is { Direction: not HistoryDirection.Before, Number: null })
            return Refuse.Invalid("number: needed to read after or around a message.");

        return await database.ReadAsync<Outcome<HistoryPage>>(async view =>
        {
            if (await Visibility.OfAsync(view, caller.AccountId, request.ConversationId) is not { } visible)
                return Refuse.NotFound;

            return request.Direction switch
            {
                HistoryDirection.Before => await BeforeAsync(view, visible, request.Number ?? long.MaxValue, count),
                HistoryDirection.After => await AfterAsync(view, visible, request.Number!.Value, count),
                _ => await AroundAsync(view, visible, request.Number!.Value, count),
            };
        }, cancel);
    }

    private static async Task<HistoryPage> BeforeAsync(Snapshot view, Visibility visible, long number, int count)
    {
        var rows = await MessageSql.BackwardsAsync(view, visible.ConversationId, visible.After, number, count + 1);
        var page = rows.Take(count).Reverse().Select(row => row.ToWire()).ToList();
        var hasAfter = page.Count > 0 && page[^1].Number < visible.HeadNumber;
        return new(page, HasBefore: rows.Count > count, hasAfter);
    }

    private static async Task<HistoryPage> AfterAsync(Snapshot view, Visibility visible, long number, int count)
    {
        var rows = await MessageSql.ForwardsAsync(
            view, visible.ConversationId, Math.Max(number, visible.After), count + 1);
        var page = rows.Take(count).Select(row => row.ToWire()).ToList();
        return new(page, HasBefore: page.Count > 0 && page[0].Number > visible.After + 1, HasAfter: rows.Count > count);
    }

    private static async Task<Outcome<HistoryPage>> AroundAsync(
        Snapshot view, Visibility visible, long number, int count)
    {
        if (number <= visible.After || number > visible.HeadNumber)
            return Refuse.NotFound;

        var before = await BeforeAsync(view, visible, number, count / 2);
        var after = await AfterAsync(view, visible, number - 1, count - count / 2);
        return new HistoryPage([.. before.Items, .. after.Items], before.HasBefore, after.HasAfter);
    }
}
