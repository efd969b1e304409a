using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>
/// A live link over SignalR, which is only a pipe here: it neither reconnects nor replays. Rule WR-4.
/// </summary>
internal sealed class HubLink : ILiveLink
{
    /// <summary>Without a frame from the server for this long the link counts as dead. Rule LV-1.</summary>
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly HubConnection _hub;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubLink(HubConnection hub)
    {
        _hub = hub;
        _hub.Closed += _ =>
        {
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public Task Closed => _closed.Task;

    public static async Task<HubLink> OpenAsync(Uri address, IParleyClient pushes, CancellationToken cancel)
    {
        var builder = new HubConnectionBuilder()
            .AddJsonProtocol(json => WireJson.Configure(json.PayloadSerializerOptions));
        builder.Services.AddSingleton<IConnectionFactory, WebSocketConnectionFactory>();
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(address));
        var hub = builder.Build();
        hub.ServerTimeout = ServerTimeout;
        hub.KeepAliveInterval = KeepAlive;
        hub.On<Changes>(Wire.ChangesTarget, pushes.Changes);
        hub.On<ReceiptsMoved>(Wire.ReceiptsTarget, pushes.Receipts);
        hub.On<AccountChanges>(Wire.AccountTarget, pushes.Account);
        hub.On<Typing>(Wire.TypingTarget, pushes.Typing);
        hub.On<Presences>(Wire.PresenceTarget, pushes.Presence);
        hub.On<Heartbeat>(Wire.HeartbeatTarget, pushes.Heartbeat);
        hub.On<Goodbye>(Wire.GoodbyeTarget, pushes.Goodbye);
        var link = new HubLink(hub);
        try
        {
            await hub.StartAsync(cancel).ConfigureAwait(false);
            return link;
        }
        catch
        {
            await hub.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<TReply> CallAsync<TRequest, TReply>(
        Verb<TRequest, TReply> verb, TRequest request, CancellationToken cancel)
        where TReply : class
    {
        try
        {
            var reply = await _hub.InvokeAsync<Reply<TReply>>(verb.Name, request, cancel).ConfigureAwait(false);
            return reply.Refusal is { } refusal
                ? throw new ParleyRefusalException(refusal)
                : reply.Value
                    ?? throw new InvalidDataException($"'{verb.Name}' answered neither a value nor a refusal.");
        }
        catch (HubException error)
        {
            // The server's last resort: it broke, and says so without a refusal.
            throw new ParleyRefusalException(new(RefusalCode.Unexpected, error.Message));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        await _hub.DisposeAsync().ConfigureAwait(false);
    }
}
