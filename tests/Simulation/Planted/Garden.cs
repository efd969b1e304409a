namespace Parley.Simulation.Planted;

/// <summary>Every planted bug.</summary>
internal static class Garden
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new AnswersBeforeCommit(),
        new PushesBeforeCommit(),
        new ForgetsOldIds(),
        new NumbersFromMemory(),
        new EditRevivesRemoved(),
        new ReceiptsGoBack(),
        new TrustsAnOldRoster(),
        new TellsTypistsOfThemselves(),
        new CatchUpShowsHiddenHistory(),
        new CatchUpForgetsEdits(),
        new SubscribesAfterSync(),
        new CursorJumpsGaps(),
        new DigestForgetsAConversation(),
        new ClearsOutboxBeforeAck(),
        new MakesAFreshIdOnRetry(),
        new OutboxForgetsOrder(),
        new SendsTwiceOnDifferentRoads(),
    ];
}
