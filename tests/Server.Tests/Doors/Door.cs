using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Tests.Doors;

/// <summary>
/// One way in, for one person. Both ways take the same requests and give the same answers (rule WR-1).
/// </summary>
internal abstract class Door : IAsyncDisposable
{
    public const string Hub = "hub";
    public const string Http = "http";

    public static async Task<Door> OpenAsync(string kind, TestServer server, SignedIn session) =>
        kind == Hub ? new HubDoor(await HubLine.OpenAsync(server, session)) : new HttpDoor(server.As(session));

    public abstract Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(Verb<TRequest, TAnswer> verb, TRequest request)
        where TAnswer : class;

    public abstract ValueTask DisposeAsync();

    /// <summary>The doors escape by different rules; what is said is the same.</summary>
    protected static string Canonical(JsonElement value) => JsonSerializer.Serialize(value);
}

/// <summary>An answer, and as it was written.</summary>
internal sealed record Answer<T>(T? Value, Refusal? Refusal, string Json) where T : class;

/// <summary>Through the hub.</summary>
internal sealed class HubDoor(HubLine line) : Door
{
    public HubLine Line => line;

    public override async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
        Verb<TRequest, TAnswer> verb, TRequest request)
    {
        var result = await line.AskAsync(verb.Name, request);
        var members = result.EnumerateObject().ToList();
        var only = Assert.Single(members); // Rule WR-4: a value or a refusal, never both, never neither.
        var reply = result.Deserialize<Reply<TAnswer>>(WireJson.Options)!;
        return new(reply.Value, reply.Refusal, Canonical(only.Value));
    }

    public override ValueTask DisposeAsync() => line.DisposeAsync();
}

/// <summary>Through HTTP.</summary>
internal sealed class HttpDoor(HttpClient client) : Door
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public override async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
        Verb<TRequest, TAnswer> verb, TRequest request)
    {
        using var message = new HttpRequestMessage(new(verb.Method), verb.Path(request));
        if (verb.BodyOf is { } bodyOf)
        {
            var body = bodyOf(request);
            message.Content = JsonContent.Create(body, body.GetType(), null, WireJson.Options);
        }

        using var answer = await client.SendAsync(message, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        if (!answer.IsSuccessStatusCode)
            return await RefusedAsync<TAnswer>(answer);

        if (typeof(TAnswer) != typeof(Done))
            return new(
                JsonSerializer.Deserialize<TAnswer>(text, WireJson.Options)!, null,
                Canonical(JsonSerializer.Deserialize<JsonElement>(text)));

        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.StatusCode, text));
        return new((TAnswer)(object)Done.Instance, null, "{}");
    }

    public override ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Problem details carry the hub's refusal, a status and a trace id (rule WR-5).</summary>
    private static async Task<Answer<T>> RefusedAsync<T>(HttpResponseMessage answer) where T : class
    {
        var problem = await TestServer.ProblemAsync(answer);
        Assert.Equal(Problems.StatusOf(problem.Code), (int)answer.StatusCode);
        Assert.Equal((int)answer.StatusCode, problem.Status);
        Assert.NotEmpty(problem.TraceId);
        Assert.Equal(problem.RetryAfterSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            answer.Headers.RetryAfter?.ToString());
        var refusal = new Refusal(problem.Code, problem.Detail, problem.RetryAfterSeconds);
        return new(null, refusal, Canonical(JsonSerializer.SerializeToElement(refusal, WireJson.Options)));
    }
}
