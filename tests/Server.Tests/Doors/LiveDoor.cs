using System.Net;
using Microsoft.AspNetCore.Builder;
using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Tests.Doors;

/// <summary>A route below the hub's path: what stands before the hub, without the hub.</summary>
internal static class LiveDoor
{
    public const string Path = Wire.HubPath + "/door";

    public static void Map(WebApplication app) => app.MapGet(Path, (Caller caller) => caller.AccountId.ToString());

    public static async Task<HttpStatusCode> KnockAsync(TestServer server, string ticket, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}?access_token={ticket}");
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
