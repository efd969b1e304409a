using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Parley.Contract;

namespace Parley.Server.Tests.Doors;

/// <summary>Every route the server has, as it is mapped, to be asked one by one.</summary>
internal sealed record Route(string Method, string Pattern, string Path, bool IsAnonymous)
{
    public static IReadOnlyList<Route> AllOf(TestServer server) =>
    [
        .. from source in ((IEndpointRouteBuilder)server.App).DataSources
           from endpoint in source.Endpoints.OfType<RouteEndpoint>()
           let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select new Route(
               method, pattern, Fill(endpoint), endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null),
    ];

    public HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(new(Method), Path);
        if (Method is "POST" or "PUT" or "PATCH")
            request.Content = new StringContent("{}", null, "application/json");
        return request;
    }

    public override string ToString() => $"{Method} {Pattern}";

    private static string Fill(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(
        segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart { Name: "documentName" } => "v1",
            RoutePatternParameterPart { ParameterPolicies: [{ Content: "long" }, ..] } => "1",
            _ => new AccountId(Guid.NewGuid()).ToString(),
        }))));
}
