using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Storage;

namespace Parley.Server.Typing;

/// <summary>
/// Tells the members of conversations who types. Who is a member is read right then, for those who are told and for
/// those who are shown, so a removed member neither receives nor appears any more (rule CV-3).
/// </summary>
internal sealed class TellTyping(IDatabase database, Rosters rosters, IFanout fanout, ILogger<TellTyping> log)
{
    public async Task RunAsync(IReadOnlyList<TypingFrame> frames)
    {
        try
        {
            await database.ReadAsync(view => TellAsync(view, frames), CancellationToken.None);
        }
#pragma warning disable CA1031 // A frame may be lost; those who come after it must not be.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.NotTold(log, frames.Count, error);
        }
    }

    private async Task<bool> TellAsync(Snapshot view, IReadOnlyList<TypingFrame> frames)
    {
        var versions = await view.QueryAsync<RosterVersion>(
            $"SELECT id, roster_version AS version FROM conversation WHERE id {view.In("ids")}",
            new { ids = view.Ids(frames.Select(frame => frame.ConversationId)) });
        var versionOf = versions.ToDictionary(row => row.Id, row => row.Version);
        foreach (var frame in frames)
        {
            if (versionOf.TryGetValue(frame.ConversationId, out var version))
                Tell(frame, await rosters.OfAsync(view, frame.ConversationId, version));
        }

        return true;
    }

    /// <summary>One frame for all who only look on, and one for each typist, who is not told of himself.</summary>
    private void Tell(TypingFrame frame, Roster roster)
    {
        var shown = frame.Shown.Where(account => roster.Find(account) is not null).ToList();
        var others = roster.Accounts.Except(shown).ToList();
        if (others.Count > 0)
            Publish(frame.ConversationId, shown, others);

        foreach (var typist in shown)
        {
            var besides = shown.Where(account => account != typist).ToList();
            if (besides.Count > 0 || frame.Before.Any(account => account != typist))
                Publish(frame.ConversationId, besides, [typist]);
        }
    }

    private void Publish(
        ConversationId conversation, IReadOnlyList<AccountId> typists, IReadOnlyList<AccountId> recipients) =>
        fanout.Publish(new(Wire.TypingTarget, new Contract.Typing(conversation, typists), recipients));

    private sealed record RosterVersion(ConversationId Id, long Version);
}
