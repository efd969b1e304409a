namespace Parley.Server.Accounts.Tokens;

/// <summary>What a token is for. It stands in the header's <c>typ</c> and, with the door, in the audience.</summary>
internal static class TokenTypes
{
    /// <summary>Opens HTTP for 15 minutes. Rule AU-2.</summary>
    public const string Access = "access";

    /// <summary>Opens the hub once, within 30 seconds. Rule AU-5.</summary>
    public const string Ticket = "ticket";

    public static readonly IReadOnlyList<string> All = [Access, Ticket];

    public static string Audience(string type) => "parley:" + type;
}
