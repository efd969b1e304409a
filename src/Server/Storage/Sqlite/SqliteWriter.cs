using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Parley.Server.Storage.Sqlite;

/// <summary>
/// The only writer of the file, on a thread of its own: a flush blocks, and must not block a pool that has two threads.
/// Each job is one transaction; group commit is a job that takes whatever has queued up when its turn comes.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteConnection _connection;
    private readonly SqliteCheckpoints _checkpoints;
    private readonly BlockingCollection<Job> _jobs = [];
    private readonly Thread _thread;

    public SqliteWriter(
        SqliteDatabase database,
        SqliteConnection connection,
        SqliteConnection checkpointConnection,
        StorageOptions options,
        ILogger log)
    {
        _database = database;
        _connection = connection;
        _checkpoints = new(checkpointConnection, options.WalMegabytesMax, log);
        _thread = new(Run) { Name = "sqlite-writer", IsBackground = true };
        _thread.Start();
    }

    public Task<T> RunAsync<T>(Func<Transaction, Task<T>> work, CancellationToken cancel)
    {
        var job = new Job<T>(work, cancel);
        try
        {
            _jobs.Add(job, cancel);
        }
        catch (InvalidOperationException)
        {
            throw StorageTrouble.Busy(null);
        }

        return job.Answer;
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.CompleteAdding();
        await Task.Run(_thread.Join);
        _checkpoints.Dispose();
        await _connection.DisposeAsync();
        _jobs.Dispose();
    }

    private void Run()
    {
        using var brackets = new SqliteBrackets(_connection);
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            job.Run(brackets, _connection, _database);
            _checkpoints.AfterCommit(_connection);
        }
    }

    private abstract class Job
    {
        public abstract void Run(SqliteBrackets brackets, SqliteConnection connection, SqliteDatabase database);
    }

    private sealed class Job<T>(Func<Transaction, Task<T>> work, CancellationToken cancel) : Job
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Run(SqliteBrackets brackets, SqliteConnection connection, SqliteDatabase database)
        {
            if (cancel.IsCancellationRequested)
            {
                _answer.SetCanceled(cancel);
                return;
            }

            try
            {
                _answer.SetResult(Commit(brackets, connection, database));
            }
            catch (SqliteException error)
            {
                _answer.SetException(SqliteTrouble.Of(error) ?? (Exception)error);
            }
#pragma warning disable CA1031 // Whatever a job throws belongs to its caller; the writer lives on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _answer.SetException(error);
            }
        }

        private T Commit(SqliteBrackets brackets, SqliteConnection connection, SqliteDatabase database)
        {
            brackets.Begin();
            try
            {
                // Once begun it runs to its end: a job half cancelled would only cost its caller the answer.
                var turn = new Transaction(connection, null, database, CancellationToken.None);
                // Microsoft.Data.Sqlite completes synchronously, so this thread does not wait here: it works.
                var answer = work(turn).GetAwaiter().GetResult();
                brackets.Commit();
                turn.Committed();
                return answer;
            }
            catch
            {
                brackets.RollBack();
                throw;
            }
        }
    }
}
