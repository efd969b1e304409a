using System.Net.Http.Json;
using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>The real way to a server: a hub connection over a WebSocket, and HTTP requests. Rules WR-1, AU-5.</summary>
internal sealed class ServerTransport(Uri server, HttpClient http, Session session) : ITransport
{
    public async Task<ILiveLink> OpenAsync(IParleyClient pushes, CancellationToken cancel)
    {
        var ticket = await SendAsync<LiveTicket>(HttpMethod.Post, "/live/ticket", null, cancel).ConfigureAwait(false);
        var address = new UriBuilder(new Uri(server, Wire.HubPath[1..]))
        {
            Scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
            Query = "access_token=" + Uri.EscapeDataString(ticket.Ticket),
        };
        return await HubLink.OpenAsync(address.Uri, pushes, cancel).ConfigureAwait(false);
    }

    public Task<TReply> RequestAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class
    {
        // What the route says already is said again in the body; the server ignores what it does not ask for (WR-2).
        var hasBody = verb.Method != HttpMethod.Get && verb.Method != HttpMethod.Delete;
        return SendAsync<TReply>(
            verb.Method,
            verb.Route(request),
            hasBody ? () => JsonContent.Create(request, options: WireJson.Options) : null,
            cancel);
    }

    /// <summary>Makes a request that is not a verb of both doors, such as a search for people.</summary>
    public Task<TReply> GetAsync<TReply>(string route, CancellationToken cancel) where TReply : class =>
        SendAsync<TReply>(HttpMethod.Get, route, null, cancel);

    private async Task<TReply> SendAsync<TReply>(
        HttpMethod method, string route, Func<HttpContent>? body, CancellationToken cancel)
        where TReply : class
    {
        try
        {
            return await SendOnceAsync<TReply>(method, route, body, false, cancel).ConfigureAwait(false);
        }
        catch (ParleyRefusalException refusal)
            when (refusal.Code == RefusalCode.Unauthenticated && session.Me is not null)
        {
            // Ended early, or our clock is wrong: once more with new tokens.
            return await SendOnceAsync<TReply>(method, route, body, true, cancel).ConfigureAwait(false);
        }
    }

    private async Task<TReply> SendOnceAsync<TReply>(
        HttpMethod method, string route, Func<HttpContent>? body, bool renew, CancellationToken cancel)
        where TReply : class
    {
        using var request = new HttpRequestMessage(method, Session.Address(route));
        request.Content = body?.Invoke();
        request.Headers.Authorization = await session.BearerAsync(renew, cancel).ConfigureAwait(false);
        using var answer = await http.SendAsync(request, cancel).ConfigureAwait(false);
        return await HttpAnswer.ReadAsync<TReply>(answer, cancel).ConfigureAwait(false);
    }
}
