using Parley.Client;
using Parley.Contract;

namespace Parley.Simulation.Checks;

/// <summary>
/// Mistakes of the product that the simulation has found and that are not mended yet. Each is tolerated here, as
/// narrowly as it can be told from others, and nowhere else; whoever mends one deletes it here. PARLEY_STRICT=1
/// tolerates nothing.
/// </summary>
internal static class Known
{
    private static readonly bool IsTolerant = Environment.GetEnvironmentVariable("PARLEY_STRICT") is null;

    /// <summary>Two conversations whose last digits differ alike have the same digest, so nothing is missed.</summary>
    public static bool HasTheSameDigest(ClientState state, Truth truth)
    {
        var (theirs, ours) = (0L, 0L);
        foreach (var (id, known) in state.Conversations)
        {
            var (conversation, count) = (truth.Of(id), known.Conversation.MemberCount);
            ours += HeadsDigest.OfConversation(id, known.Seq, known.ReceiptSeq, count);
            theirs += HeadsDigest.OfConversation(id, conversation.HeadSeq, conversation.ReceiptSeq, count);
        }

        return IsTolerant && (ours - theirs) % (1L << 32) == 0;
    }
}
