using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Live;

namespace Parley.Server.Tests.Doors;

/// <summary>The hub, its contract and the routes are one list, whoever adds to which.</summary>
public sealed class ContractTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IEnumerable<MethodInfo> Called =>
        typeof(LiveHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType == typeof(LiveHub))
            .Where(method => method.Name != nameof(LiveHub.Misshapen)); // what becomes of calls that are none

    [Fact]
    public void WR1_The_hub_is_its_contract() => Assert.Equal(
        typeof(IParleyHub).GetMethods().Select(Signature).Order(), Called.Select(Signature).Order());

    [Fact]
    public void WR1_Every_verb_of_the_contract_is_known_to_the_tests_of_both_doors() => Assert.Equal(
        typeof(IParleyHub).GetMethods().Select(Signature).Order(),
        Verbs.All.Select(verb => $"{verb.Name}({verb.Request.Name}) {verb.Answer.Name}").Order());

    [Fact]
    public void WR4_Every_method_answers_a_value_or_a_refusal() => Assert.All(Called, method =>
        Assert.Equal(typeof(Reply<>), method.ReturnType.GetGenericArguments()[0].GetGenericTypeDefinition()));

    [Fact]
    public void Nobody_calls_the_hub_without_its_policy()
    {
        var policy = Assert.Single(typeof(LiveHub).GetCustomAttributes<AuthorizeAttribute>()).Policy;
        Assert.Equal(LiveModule.TicketPolicy, policy);
        Assert.DoesNotContain(Called, method => method.GetCustomAttribute<AllowAnonymousAttribute>() is not null);
    }

    [Fact]
    public async Task WR1_Every_verb_has_its_one_route_with_the_same_request_and_answer()
    {
        await using var server = await TestServer.StartAsync();
        var endpoints = ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>().ToList();
        foreach (var verb in Verbs.All)
        {
            var endpoint = Assert.Single(endpoints, endpoint =>
                "/" + endpoint.RoutePattern.RawText!.Trim('/') == verb.Pattern
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(verb.Method));
            Assert.Equal(verb.Body, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType);
            var produced = endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
                .Single(answer => answer.StatusCode < 300);
            Assert.Equal(
                verb.Answer == typeof(Done) ? (204, typeof(void)) : (200, verb.Answer),
                (produced.StatusCode, produced.Type));
            NothingIsLostOnTheWay(verb, endpoint);
        }
    }

    [Fact]
    public void WR5_Every_code_has_a_status_of_a_refusal_and_says_what_it_means()
    {
        var documented = XDocument.Load(Path.ChangeExtension(typeof(Refusal).Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")?.Value.Trim());
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            Assert.InRange(Problems.StatusOf(code), 400, 599);
            var said = documented.GetValueOrDefault($"F:{typeof(RefusalCode).FullName}.{code}");
            Assert.False(string.IsNullOrEmpty(said), $"{code} says nothing");
        }
    }

    [Fact]
    public async Task WR5_Every_code_is_in_the_document_by_its_name_on_the_wire()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json", Cancel));
        var codes = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("RefusalCode")
            .GetProperty("enum").EnumerateArray().Select(code => code.GetString()!);
        Assert.Equal(
            Enum.GetValues<RefusalCode>().Select(code => JsonNamingPolicy.CamelCase.ConvertName($"{code}")).Order(),
            codes.Order());
    }

    private static string Signature(MethodInfo method) =>
        $"{method.Name}({method.GetParameters()[0].ParameterType.Name}) "
        + method.ReturnType.GetGenericArguments()[0].GetGenericArguments()[0].Name;

    /// <summary>Each member of the hub's request is in the path, the query or the body of the route.</summary>
    private static void NothingIsLostOnTheWay(Verb verb, RouteEndpoint endpoint)
    {
        if (verb.Body == verb.Request)
            return;

        var taken = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name)
            .Concat(verb.Body?.GetProperties().Select(member => member.Name) ?? [])
            .Concat(endpoint.Metadata.OfType<IParameterBindingMetadata>().Select(parameter => parameter.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        // History says direction and number in one word; changes say "after" for the cursor.
        string[] worded = verb.Name switch
        {
            nameof(IParleyHub.History) => ["Direction", "Number", "Count"],
            nameof(IParleyHub.Changes) => ["AfterSeq"],
            _ => [],
        };
        Assert.DoesNotContain(
            verb.Request.GetProperties().Select(member => member.Name).Except(worded), name => !taken.Contains(name));
    }
}
