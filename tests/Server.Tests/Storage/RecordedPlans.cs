using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using Parley.Server.Storage;
using SQLitePCL;

namespace Parley.Server.Tests.Storage;

/// <summary>
/// A database that listens to every statement the server runs on it. SQLite says each statement it runs, and is asked
/// for its plan afterwards; PostgreSQL says the plan of each by itself (auto_explain).
/// </summary>
internal sealed partial class RecordedPlans(IDatabase real) : IDatabase
{
    /// <summary>For the connection string: tell every plan; scan a table only where nothing else is possible.</summary>
    public const string PostgresOptions =
        "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_format=json "
        + "-c auto_explain.log_level=notice -c client_min_messages=notice -c enable_seqscan=off";

    private readonly ConcurrentDictionary<object, bool> _listening = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, bool> _statements = new();
    private readonly ConcurrentDictionary<Access, bool> _told = new();

    public string Kind => real.Kind;

    public string ForUpdate => real.ForUpdate;

    public int WriteLanes => real.WriteLanes;

    public Task<T> WriteAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel) =>
        real.WriteAsync(turn => Listening(turn, work), cancel);

    public Task<T> ReadAsync<T>(Func<Snapshot, Task<T>> work, CancellationToken cancel) =>
        real.ReadAsync(view => Listening(view, work), cancel);

    public Task MigrateAsync(CancellationToken cancel) => real.MigrateAsync(cancel);

    public Task<StorageFacts> FactsAsync(CancellationToken cancel) => real.FactsAsync(cancel);

    public ValueTask DisposeAsync() => real.DisposeAsync();

    /// <summary>How each statement reached each table.</summary>
    public async Task<IReadOnlyCollection<Access>> AllAsync(CancellationToken cancel)
    {
        if (Kind == "postgres")
            return [.. _told.Keys];

        var all = new HashSet<Access>();
        foreach (var sql in _statements.Keys.ToList())
            all.UnionWith(await real.ReadAsync(view => AskAsync(view, sql), cancel));
        return all;
    }

    private Task<T> Listening<TView, T>(TView view, Func<TView, Task<T>> work) where TView : Snapshot
    {
        switch (view.Connection)
        {
            case SqliteConnection { Handle: { } handle } when _listening.TryAdd(handle, true):
                raw.sqlite3_trace(handle, (_, sql) => Note(sql), null);
                break;
            case NpgsqlConnection connection when _listening.TryAdd(connection, true):
                connection.Notice += (_, notice) => Hear(notice.Notice.MessageText);
                break;
            default:
                break;
        }

        return work(view);
    }

    /// <summary>Values are written into what SQLite tells; without them equal statements are equal.</summary>
    private void Note(string sql)
    {
        var bare = Values().Replace(sql, match => match.Value.StartsWith('@') ? match.Value : "?1").Trim();
        if (Questions().IsMatch(bare))
            _statements.TryAdd(ManyValues().Replace(bare, "(?1)"), true);
    }

    private static async Task<List<Access>> AskAsync(Snapshot view, string sql)
    {
        using var explain = view.Connection.CreateCommand();
        explain.CommandText = "EXPLAIN QUERY PLAN " + sql;
        explain.Parameters.Add(new SqliteParameter("?1", DBNull.Value));
        explain.Transaction = view.Underlying;
        var tables = Tables().Matches(sql)
            .GroupBy(match => match.Groups[match.Groups["alias"].Success ? "alias" : "table"].Value)
            .ToDictionary(group => group.Key, group => group.First().Groups["table"].Value);
        var found = new List<Access>();
        await using var plan = await explain.ExecuteReaderAsync();
        while (await plan.ReadAsync())
        {
            var detail = plan.GetString(3);
            var step = Step().Match(detail);
            if (step.Success && tables.TryGetValue(step.Groups["name"].Value, out var table))
                found.Add(new(table, detail, By(step), sql));
        }

        return found;
    }

    /// <summary>A search by nothing is for the first or the last row.</summary>
    private static string? By(Match step) => step.Groups["way"].Value == "SCAN" ? null
        : step.Groups["by"] is { Success: true, Value: var columns } ? columns : "rowid";

    private void Hear(string notice)
    {
        var start = notice.IndexOf('{', StringComparison.Ordinal);
        if (!notice.Contains("plan:", StringComparison.Ordinal) || start < 0)
            return;

        using var told = JsonDocument.Parse(notice[start..]);
        var sql = told.RootElement.GetProperty("Query Text").GetString()!;
        foreach (var node in Nodes(told.RootElement.GetProperty("Plan")))
        {
            var type = node.GetProperty("Node Type").GetString()!;
            if (!type.EndsWith("Scan", StringComparison.Ordinal) || type is "Bitmap Heap Scan")
                continue;

            var by = node.TryGetProperty("Index Cond", out var condition) ? condition.GetString() : null;
            var table = node.TryGetProperty("Relation Name", out var relation) ? relation.GetString()!
                : node.TryGetProperty("Index Name", out var index) ? index.GetString()!.Split('_')[0] : "";
            _told.TryAdd(new(table, type, by, sql), true);
        }
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement node) => node.TryGetProperty("Plans", out var plans)
        ? plans.EnumerateArray().SelectMany(Nodes).Prepend(node)
        : [node];

    [GeneratedRegex(@"^(SELECT|UPDATE|DELETE|INSERT|WITH)\b")]
    private static partial Regex Questions();

    [GeneratedRegex(@"x'[0-9a-fA-F]*'|'(?:[^']|'')*'|\b\d+\b|\bNULL\b(?=\s*[,)]|$)")]
    private static partial Regex Values();

    [GeneratedRegex(@"(?<=\bIN )\(\?1(?:\s*,\s*\?1)+\)")]
    private static partial Regex ManyValues();

    /// <summary>Keywords are upper case in our statements, so a lower-case word behind a table is its alias.</summary>
    [GeneratedRegex(@"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?<table>[a-z_]+)(?:\s+(?:AS\s+)?(?<alias>[a-z]\w*))?")]
    private static partial Regex Tables();

    [GeneratedRegex(@"^(?<way>SCAN|SEARCH) (?:TABLE )?(?<name>\w+)(?: AS (?<name>\w+))?.*?(?:\((?<by>.*)\))?$")]
    private static partial Regex Step();
}

/// <summary>One step of a plan.</summary>
/// <param name="Table">Which.</param>
/// <param name="Step">As the database words it.</param>
/// <param name="By">What it is searched by; null when it is read from end to end.</param>
/// <param name="Sql">Of which statement.</param>
internal sealed record Access(string Table, string Step, string? By, string Sql);
