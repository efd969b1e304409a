using Parley.Contract;
using static Parley.Contract.RefusalCode;

namespace Parley.Server.Tests.Doors;

/// <content>Conversations and who is in them.</content>
internal static partial class Scripts
{
    private static async Task OpenDirect(Stage stage)
    {
        var (anna, mia) = (await stage.EnterAsync("anna"), await stage.EnterAsync("mia", Role.Member));
        var max = await stage.EnterAsync("max", Role.Member);

        var opened = await anna.DoAsync(Verbs.OpenDirect, new(mia.Id));
        var again = await mia.DoAsync(Verbs.OpenDirect, new(anna.Id));
        Assert.Equal(opened.Conversation, again.Conversation);

        await mia.RefusedAsync(NotFound, Verbs.OpenDirect, new(max.Id)); // whom members do not share anything with
        await mia.RefusedAsync(NotFound, Verbs.OpenDirect, new(new(stage.NewId())));
        await mia.RefusedAsync(Invalid, Verbs.OpenDirect, new(mia.Id));
    }

    private static async Task CreateGroup(Stage stage)
    {
        var (anna, mia) = (await stage.EnterAsync("anna"), await stage.EnterAsync("mia", Role.Member));
        var carl = await stage.EnterAsync("carl");
        var id = new ConversationId(stage.NewId());

        var made = await anna.DoAsync(
            Verbs.CreateGroup, new(id, "Choir", [mia.Id, mia.Id, anna.Id], HistoryPolicy.All));
        Assert.Equal(2, made.Conversation.MemberCount);
        await anna.DoAsync(Verbs.CreateGroup, new(id, "Choir", [mia.Id], HistoryPolicy.All));

        await carl.RefusedAsync(IdTaken, Verbs.CreateGroup, new(id, "Choir", [], null));
        await mia.RefusedAsync(Forbidden, Verbs.CreateGroup, new(new(stage.NewId()), "Ours", [], null));
        await anna.RefusedAsync(Invalid, Verbs.CreateGroup, new(new(stage.NewId()), " ", [], null));
        await anna.RefusedAsync(Invalid, Verbs.CreateGroup, new(default, "No id", [], null));
        await anna.RefusedAsync(
            NotFound, Verbs.CreateGroup, new(new(stage.NewId()), "Ghosts", [new(stage.NewId())], null));
    }

    private static async Task AddMembers(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();
        await stage.SayAsync(owner, group, "before");

        await owner.DoAsync(Verbs.AddMembers, new(group, [stranger.Id, member.Id]));
        await stage.SayAsync(owner, group, "after");
        var seen = await stranger.DoAsync(Verbs.History, new(group, HistoryDirection.Before, null, null));
        Assert.Equal("after", Assert.Single(seen.Items).Body); // Rule CV-2.
        await owner.DoAsync(Verbs.AddMembers, new(group, []));

        await member.RefusedAsync(Forbidden, Verbs.AddMembers, new(group, [stranger.Id]));
        await owner.RefusedAsync(NotFound, Verbs.AddMembers, new(group, [new(stage.NewId())]));
        var direct = await owner.DoAsync(Verbs.OpenDirect, new(member.Id));
        await owner.RefusedAsync(NotAGroup, Verbs.AddMembers, new(direct.Conversation.Id, [stranger.Id]));
    }

    private static async Task RemoveMember(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();

        await owner.RefusedAsync(LastOwner, Verbs.RemoveMember, new(group, owner.Id));
        await member.RefusedAsync(Forbidden, Verbs.RemoveMember, new(group, owner.Id));
        await stranger.RefusedAsync(NotFound, Verbs.RemoveMember, new(group, member.Id));
        await owner.RefusedAsync(NotFound, Verbs.RemoveMember, new(group, stranger.Id));
        await owner.DoAsync(Verbs.RemoveMember, new(group, member.Id));
        await stage.SayAsync(owner, group, "without you");
        await member.RefusedAsync(NotFound, Verbs.History, new(group, HistoryDirection.Before, null, null));

        await owner.DoAsync(Verbs.AddMembers, new(group, [member.Id]));
        await member.DoAsync(Verbs.RemoveMember, new(group, member.Id));
        await owner.DoAsync(Verbs.RemoveMember, new(group, owner.Id)); // the last one may go
    }

    private static async Task SetMemberRole(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();

        await owner.RefusedAsync(LastOwner, Verbs.SetMemberRole, new(group, owner.Id, MembershipRole.Member));
        await member.RefusedAsync(Forbidden, Verbs.SetMemberRole, new(group, member.Id, MembershipRole.Owner));
        await owner.RefusedAsync(NotFound, Verbs.SetMemberRole, new(group, stranger.Id, MembershipRole.Owner));
        await owner.DoAsync(Verbs.SetMemberRole, new(group, member.Id, MembershipRole.Owner));
        await member.DoAsync(Verbs.SetMemberRole, new(group, owner.Id, MembershipRole.Member));
        await owner.RefusedAsync(Forbidden, Verbs.RenameGroup, new(group, "Mine"));
    }

    private static async Task RenameGroup(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();

        await owner.DoAsync(Verbs.RenameGroup, new(group, "Orchestra"));
        await owner.DoAsync(Verbs.RenameGroup, new(group, "Orchestra"));
        await owner.RefusedAsync(Invalid, Verbs.RenameGroup, new(group, new('x', Limits.GroupNameLengthMax + 1)));
        await member.RefusedAsync(Forbidden, Verbs.RenameGroup, new(group, "Band"));
        await stranger.RefusedAsync(NotFound, Verbs.RenameGroup, new(group, "Band"));
    }

    private static async Task SetArchived(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();

        await owner.DoAsync(Verbs.SetArchived, new(group, true));
        await member.RefusedAsync(Archived, Verbs.Send, new(new(stage.NewId()), group, "too late")); // Rule CV-4.
        await member.DoAsync(Verbs.History, new(group, HistoryDirection.Before, null, null));
        await owner.DoAsync(Verbs.SetArchived, new(group, false));
        await stage.SayAsync(member, group, "open again");
        await member.RefusedAsync(Forbidden, Verbs.SetArchived, new(group, true));
        await stranger.RefusedAsync(NotFound, Verbs.SetArchived, new(group, true));
    }

    private static async Task Members(Stage stage)
    {
        var (owner, member, stranger, group) = await stage.GroupAsync();

        var page = await member.DoAsync(Verbs.Members, new(group, null));
        Assert.Equal(2, page.Items.Count);
        Assert.Equal(page.Items.Select(item => item.AccountId), page.Receipts.Select(receipt => receipt.AccountId));
        Assert.Single((await owner.DoAsync(Verbs.Members, new(group, page.Items[0].AccountId))).Items);
        await stranger.RefusedAsync(NotFound, Verbs.Members, new(group, null));
    }
}
