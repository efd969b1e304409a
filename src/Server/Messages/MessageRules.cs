using System.Globalization;
using Parley.Contract;
using Parley.Server.Journal;
using Parley.Server.Kernel;

namespace Parley.Server.Messages;

/// <summary>What may be said, and by whom. Facts in, answer out.</summary>
internal static class MessageRules
{
    /// <summary>Rule MS-4.</summary>
    public static Refusal? WhyNotThisBody(string body, int graphemesMax)
    {
        if (string.IsNullOrWhiteSpace(body))
            return new(RefusalCode.Empty, "The message has no text. Write something before sending.");

        if (body.Contains('\0', StringComparison.Ordinal))
            return Refuse.Invalid("body: the character U+0000 is not text. Remove it.");

        // A grapheme has at least one UTF-16 unit, so a short text needs no counting.
        if (body.Length <= graphemesMax || new StringInfo(body).LengthInTextElements <= graphemesMax)
            return null;

        return new(RefusalCode.TooLong, $"The message is longer than {graphemesMax} characters. Shorten or split it.");
    }

    /// <summary>Rules MS-3, CV-4. Somebody who is no member learns nothing.</summary>
    public static Refusal? WhyNotWrite(ConversationRow conversation, Member? member, DateTimeOffset now)
    {
        if (member is null)
            return Refuse.NotFound;

        if (conversation.ArchivedAt is not null)
            return new(RefusalCode.Archived, "The conversation is archived. Reopen it to write.");

        if (member.MutedUntil is { } until && until > now)
        {
            var seconds = (int)Math.Min(int.MaxValue, Math.Ceiling((until - now).TotalSeconds));
            return new(RefusalCode.Muted, "You are muted in this conversation. Try again later.", seconds);
        }

        return null;
    }

    /// <summary>Rule MS-1: the same id means the same message, or a mistake.</summary>
    public static Refusal? WhyNotARepeat(StoredSend stored, ConversationId conversation, AccountId author, long hash) =>
        stored.ConversationId == conversation && stored.AuthorId == author && stored.SentHash == hash
            ? null
            : new(RefusalCode.IdTaken, "This message id was used for another message. Send with a new id.");

    /// <summary>Rules MS-5, MS-6.</summary>
    public static Refusal? WhyNotEdit(MessageRow message, AccountId editor, int? version)
    {
        if (message.AuthorId != editor)
            return new(RefusalCode.Forbidden, "Only its author can edit a message.");

        if (message.RemovedAt is not null)
            return new(RefusalCode.Removed, "The message was removed and cannot be edited.");

        if (version is { } seen && seen != message.Version)
            return new(RefusalCode.VersionConflict, "The message was edited meanwhile. Read it and decide again.");

        return null;
    }

    /// <summary>Rule MS-5.</summary>
    public static Refusal? WhyNotRemove(MessageRow message, ConversationRow conversation, Member remover)
    {
        var moderates = conversation.Kind == ConversationKind.Group && remover.IsOwner;
        return message.AuthorId == remover.AccountId || moderates
            ? null
            : new(RefusalCode.Forbidden, "Only its author or an owner of the group can remove a message.");
    }
}
