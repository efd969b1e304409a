using System.Data.Common;

namespace Parley.Load.Subject;

/// <summary>
/// A database for the server to run on, as durable as in production, that we can fill and read past the server.
/// </summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    string Kind { get; }

    /// <summary>The process whose family does the database's work; null when that is the server itself.</summary>
    int? ProcessId { get; }

    /// <summary>What the server must be told, by the names of its environment.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Adds rows to a table, in their order. Ids are <see cref="Guid"/>, on either database.</summary>
    Task FillAsync(string table, IReadOnlyList<string> columns, IEnumerable<object?[]> rows, CancellationToken cancel);

    /// <summary>Brings the files into the state of a database that has been in use for long.</summary>
    Task SettleAsync(CancellationToken cancel);

    Task<DbConnection> OpenAsync(CancellationToken cancel);
}
