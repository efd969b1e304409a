using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>Reads an HTTP answer: a value, or problem details as a refusal. Rule WR-5.</summary>
internal static class HttpAnswer
{
    public static async Task<TReply> ReadAsync<TReply>(HttpResponseMessage answer, CancellationToken cancel)
        where TReply : class
    {
        if (answer.StatusCode == HttpStatusCode.NoContent && typeof(TReply) == typeof(Done))
            return (TReply)(object)Done.Instance;
        if (answer.IsSuccessStatusCode)
            return await answer.Content.ReadFromJsonAsync<TReply>(WireJson.Options, cancel).ConfigureAwait(false)
                ?? throw new JsonException("The server answered null where a value was expected.");

        throw new ParleyRefusalException(await RefusalOfAsync(answer, cancel).ConfigureAwait(false));
    }

    private static async Task<Refusal> RefusalOfAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            var problem = await answer.Content.ReadFromJsonAsync<Problem>(WireJson.Options, cancel)
                .ConfigureAwait(false);
            if (problem?.Code is { } code)
                return new(code, problem.Detail ?? problem.Title ?? code.ToString(), problem.RetryAfterSeconds);
        }

        // Not the server's words: something between, such as a proxy, answered. What it did not do may yet be done.
        throw new HttpRequestException($"Something that is not the server answered {(int)answer.StatusCode}.");
    }

    private sealed record Problem(
        RefusalCode? Code = null, string? Detail = null, string? Title = null, int? RetryAfterSeconds = null);
}
