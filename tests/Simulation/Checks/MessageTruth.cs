using Parley.Contract;

namespace Parley.Simulation.Checks;

/// <summary>A message in the state a commit gave it.</summary>
internal sealed record MessageTruth(
    MessageId Id, AccountId AuthorId, long Number, long Seq, string? Body, long Version, bool IsRemoved);
