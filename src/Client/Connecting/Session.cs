using System.Net.Http.Headers;
using System.Net.Http.Json;
using Parley.Contract;

namespace Parley.Client.Connecting;

/// <summary>
/// The signed-in device: gets tokens, renews them before they end, one renewal at a time. New tokens are stored before
/// they are used, and a lost answer is asked for again with the same token (rule AU-3).
/// </summary>
internal sealed class Session(HttpClient http, ITokenStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private StoredTokens? _tokens = store.Load();

    public Person? Me => _tokens?.Me;

    public void Dispose() => _turn.Dispose();

    public async Task SignInAsync(SignInRequest request, CancellationToken cancel) =>
        Keep(await PostAsync<SignInRequest, SignedIn>("/auth/sign-in", request, cancel).ConfigureAwait(false));

    public async Task SignOutAsync(CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address("/auth/sign-out"));
            request.Headers.Authorization = await BearerAsync(false, cancel).ConfigureAwait(false);
            using var answer = await http.SendAsync(request, cancel).ConfigureAwait(false);
        }
        catch (ParleyRefusalException)
        {
            // It had ended already.
        }
        finally
        {
            _tokens = null;
            store.Save(null);
        }
    }

    /// <summary>
    /// What to put into <c>Authorization</c>. Refused with unauthenticated when the session has ended.
    /// </summary>
    /// <param name="renew">True when the present access token was refused.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<AuthenticationHeaderValue> BearerAsync(bool renew, CancellationToken cancel)
    {
        var seen = _tokens;
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var tokens = _tokens ?? throw SignedOut();
            var isStale = tokens.ExpiresAt - time.GetUtcNow() < RenewBefore;
            if (isStale || (renew && ReferenceEquals(tokens, seen)))
                tokens = await RenewAsync(tokens, cancel).ConfigureAwait(false);
            return new("Bearer", tokens.AccessToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public static Uri Address(string route) => new(Wire.ApiPath[1..] + route, UriKind.Relative);

    private async Task<StoredTokens> RenewAsync(StoredTokens tokens, CancellationToken cancel)
    {
        try
        {
            return Keep(await PostAsync<RefreshRequest, SignedIn>(
                "/auth/refresh", new(tokens.RefreshToken), cancel).ConfigureAwait(false));
        }
        catch (ParleyRefusalException refusal) when (refusal.Code == RefusalCode.Unauthenticated)
        {
            _tokens = null;
            store.Save(null);
            throw;
        }
    }

    private StoredTokens Keep(SignedIn answer)
    {
        var tokens = new StoredTokens(
            answer.AccessToken,
            time.GetUtcNow().AddSeconds(answer.AccessTokenSeconds),
            answer.RefreshToken,
            answer.DeviceId,
            answer.Me);
        store.Save(tokens);
        _tokens = tokens;
        return tokens;
    }

    private async Task<TReply> PostAsync<TRequest, TReply>(string route, TRequest request, CancellationToken cancel)
        where TReply : class
    {
        using var content = JsonContent.Create(request, options: WireJson.Options);
        using var answer = await http.PostAsync(Address(route), content, cancel).ConfigureAwait(false);
        return await HttpAnswer.ReadAsync<TReply>(answer, cancel).ConfigureAwait(false);
    }

    private static ParleyRefusalException SignedOut() =>
        new(new(RefusalCode.Unauthenticated, "The session on this device has ended: sign in again."));
}
