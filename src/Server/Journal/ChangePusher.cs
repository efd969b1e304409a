using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Storage;

namespace Parley.Server.Journal;

/// <summary>Tells the members of a conversation what a transaction changed, once it has committed.</summary>
internal sealed class ChangePusher(IFanout fanout)
{
    /// <summary>
    /// Pushes to everyone in the roster. A member who may not see some of the messages gets the same step without them:
    /// the cursor moves, nothing is shown (rule CV-2).
    /// </summary>
    public void PushAfterCommit(Transaction turn, Roster roster, Changes changes, string? except = null) =>
        turn.AfterCommit(() => Push(roster, changes, except));

    private void Push(Roster roster, Changes changes, string? except)
    {
        var oldest = changes.Messages.Count == 0 ? long.MaxValue : changes.Messages.Min(message => message.Number);
        if (roster.Members.All(member => member.VisibleAfter < oldest))
        {
            fanout.Publish(new(Wire.ChangesTarget, changes, roster.Accounts, except));
            return;
        }

        foreach (var sameView in roster.Members.GroupBy(member => member.VisibleAfter))
        {
            var seen = changes with
            {
                Messages = [.. changes.Messages.Where(message => message.Number > sameView.Key)],
            };
            fanout.Publish(new(Wire.ChangesTarget, seen, [.. sameView.Select(member => member.AccountId)], except));
        }
    }
}
