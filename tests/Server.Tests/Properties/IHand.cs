using Parley.Contract;

namespace Parley.Server.Tests.Properties;

/// <summary>Somebody who asks for verbs by name, through one of the two doors.</summary>
internal interface IHand
{
    /// <summary>The answer's value as JSON, or the code of its refusal.</summary>
    Task<string> AskAsync<T>(string verb, T request, ConversationId conversation);
}
