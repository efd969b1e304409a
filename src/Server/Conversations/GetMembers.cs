using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Storage;
using Parley.Server.Sync;

namespace Parley.Server.Conversations;

/// <summary>A page of members, for groups too large to come with the snapshot.</summary>
internal sealed class GetMembers(IDatabase database)
{
    private const int Count = 200;

    public Task<Outcome<MembersPage>> RunAsync(Caller caller, GetMembersRequest request, CancellationToken cancel) =>
        database.ReadAsync<Outcome<MembersPage>>(async view =>
        {
            if (await Visibility.OfAsync(view, caller.AccountId, request.ConversationId) is null)
                return Refuse.NotFound;

            var rows = await MembershipSql.PageAsync(view, request.ConversationId, request.After ?? default, Count + 1);
            var page = rows.Take(Count).ToList();
            var sends = await view.SingleAsync<long>(
                "SELECT sends_read_receipts FROM account WHERE id = @AccountId", new { caller.AccountId });
            var people = page.Count == 0 ? [] : await view.QueryAsync<PersonRow>(
                $"SELECT {PersonRow.Columns} FROM account a WHERE a.id {view.In("ids")} ORDER BY a.id",
                new { ids = view.Ids(page.Select(row => row.AccountId)) });
            return new MembersPage(
                [.. page.Select(row => row.ToWire())],
                [.. page.Select(row => row.ToReceipt(caller.AccountId, sends == 1))],
                [.. people.Select(person => person.ToWire())],
                rows.Count > Count ? page[^1].AccountId : null);
        }, cancel);
}
