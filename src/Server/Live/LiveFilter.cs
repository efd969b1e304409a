using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.SignalR;
using Parley.Contract;
using Parley.Server.Accounts;
using Parley.Server.Kernel;
using Parley.Server.Presence;
using Parley.Server.Storage;

namespace Parley.Server.Live;

/// <summary>
/// Stands before every call: is the session still good (rule AU-6), is the person within the limits (rule WR-6)? And
/// after it: whatever went wrong becomes the same refusal as over HTTP, never a bare error (rule WR-4).
/// </summary>
internal sealed class LiveFilter(
    Sessions sessions, RateLimits limits, PresenceTracker presence, ILogger<LiveFilter> log) : IHubFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, Func<Refusal, object>> Refusals = new();

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext call, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var connection = call.Context.Features.Get<LiveConnection>()!; // set when it opened
        presence.Touched(connection.Caller.AccountId, connection.Id);
        var check = sessions.CheckAsync(
            connection.Caller.AccountId, connection.Caller.DeviceId, call.Context.ConnectionAborted);
        TaskCompletionSource? begun = null;
        try
        {
            // Usually a call begins before the next one comes. Who has to wait for the check keeps its place (LV-2).
            if (!check.IsCompleted || !connection.Begun.IsCompleted)
            {
                var before = connection.Begun;
                begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
                connection.Begun = begun.Task;
                await before;
            }

            var caller = await check;
            if (caller is null)
                return Answer(call, Refuse.Unauthenticated);

            if (caller.Role != connection.Caller.Role)
                connection.Caller = connection.Caller with { Role = caller.Role };

            if (limits.TryTake(connection.Caller) is { } tooMany)
                return Answer(call, tooMany);

            var answer = next(call);
            begun?.SetResult();
            return await answer;
        }
        catch (StorageTrouble trouble)
        {
            return Answer(call, trouble.Refusal);
        }
        catch (OperationCanceledException) when (call.Context.ConnectionAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The last resort of this door; logged with the trace id the caller is told.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.CallFailed(log, call.HubMethodName, connection.Id, error);
            return Answer(call, new(
                RefusalCode.Unexpected,
                $"Something broke on our side. Quote connection {connection.Id} to the operator."));
        }
        finally
        {
            begun?.TrySetResult();
        }
    }

    private static object Answer(HubInvocationContext call, Refusal refusal) =>
        Refusals.GetOrAdd(call.HubMethod, MakerFor)(refusal);

    private static Func<Refusal, object> MakerFor(MethodInfo method)
    {
        var reply = method.ReturnType.GetGenericArguments()[0];
        return refusal => Activator.CreateInstance(reply, null, refusal)!; // a constructor does not answer null
    }
}
