using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Messages;

/// <summary>A message on its way to disk.</summary>
/// <param name="Author">Who sends, from which connection.</param>
/// <param name="Request">As it came, its body already judged.</param>
/// <param name="Hash">Of conversation and body; tells a resend from a reused id.</param>
internal sealed record Sending(Caller Author, SendMessageRequest Request, long Hash);
