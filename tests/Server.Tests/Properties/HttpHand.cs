using System.Net.Http.Json;
using System.Text.Json;
using Parley.Contract;

namespace Parley.Server.Tests.Properties;

/// <summary>The door of single requests.</summary>
internal sealed class HttpHand(HttpClient http) : IHand
{
    public async Task<string> AskAsync<T>(string verb, T request, ConversationId conversation)
    {
        // No verb is asked with null.
        var (method, path, body) = Route(request!, $"/api/v1/conversations/{conversation}");
        using var message = new HttpRequestMessage(method, path);
        if (body is not null)
            message.Content = JsonContent.Create(body, body.GetType(), options: WireJson.Options);
        using var answer = await http.SendAsync(message, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(text);
        return answer.IsSuccessStatusCode
            ? json.RootElement.GetRawText()
            : json.RootElement.GetProperty("code").GetString()!; // Every refusal has one.
    }

    private static (HttpMethod Method, string Path, object? Body) Route(object request, string room) => request switch
    {
        CreateGroupRequest group => (HttpMethod.Post, "/api/v1/conversations/groups", group),
        SendMessageRequest send => (HttpMethod.Post, $"{room}/messages", new SendBody(send.Id, send.Body)),
        EditMessageRequest edit => (
            HttpMethod.Patch, $"{room}/messages/{edit.Id}", new EditBody(edit.Body, edit.Version)),
        RemoveMessageRequest remove => (HttpMethod.Delete, $"{room}/messages/{remove.Id}", null),
        AdvanceReceiptsRequest marks => (
            HttpMethod.Put, $"{room}/receipt", new ReceiptBody(marks.DeliveredNumber, marks.ReadNumber)),
        GetChangesRequest changes => (HttpMethod.Get, $"{room}/changes?after={changes.AfterSeq}", null),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };
}
