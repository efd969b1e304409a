using Parley.Contract;
using Parley.Server.Journal;

namespace Parley.Server.Typing;

/// <summary>How long, how often, and whether. Facts in, answer out.</summary>
internal static class TypingRules
{
    /// <summary>A person types for this long after the last sign of it (rule TY-2).</summary>
    public const int LeaseMs = 4_000;

    /// <summary>Between two frames that one person causes in one conversation (rule TY-1).</summary>
    public const int PersonSpacingMs = 1_000;

    /// <summary>Between two frames of one conversation: enough to gather typists, and in time for rule TY-1.</summary>
    public const int FrameSpacingMs = 100;

    /// <summary>People shown at the same time. Nobody can follow more; frames must not grow with the group.</summary>
    public const int ShownMax = 20;

    /// <summary>
    /// Whether others are shown that this member types. Not where the member may not write, and not of somebody who
    /// appears offline: typing would give that away (rule PR-4).
    /// </summary>
    public static bool IsShown(ConversationRow conversation, Member member, bool isInvisible, DateTimeOffset now) =>
        !isInvisible && conversation.ArchivedAt is null && (member.MutedUntil is not { } until || until <= now);
}
