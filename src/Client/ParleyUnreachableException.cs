namespace Parley.Client;

/// <summary>
/// The server could not be reached through any door, or its answer was lost: whether it was done is unknown.
/// </summary>
public sealed class ParleyUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
