using System.ComponentModel.DataAnnotations;
using Parley.Contract;

namespace Parley.Server.Messages;

/// <summary>Section <c>Messages</c>.</summary>
internal sealed class MessagesOptions
{
    /// <summary>Longest body. Graphemes: what a reader counts as characters.</summary>
    [Range(1, 8_000)] public int BodyLengthMax { get; init; } = Limits.BodyLengthMax;
}
