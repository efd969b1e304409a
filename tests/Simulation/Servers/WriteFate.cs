namespace Parley.Simulation.Servers;

/// <summary>What becomes of one transaction.</summary>
internal enum WriteFate
{
    Commits,

    /// <summary>The database refuses at the commit; the server lives.</summary>
    Fails,

    /// <summary>The server dies with the transaction open.</summary>
    DiesBeforeCommit,

    /// <summary>The commit is on disk; nobody learns of it.</summary>
    DiesAfterCommit,

    /// <summary>The commit is on disk and pushed; who asked learns nothing.</summary>
    DiesAfterPush,
}
