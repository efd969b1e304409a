namespace Parley.Server.Conversations;

/// <summary>Section <c>Conversations</c>.</summary>
internal sealed class ConversationsOptions
{
    /// <summary>Whether members (students, clients) may start groups; staff always may.</summary>
    public bool MembersCreateGroups { get; init; }
}
