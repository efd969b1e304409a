using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Parley.Contract;
using Parley.Server.Tests.Doors;

namespace Parley.Server.Tests.Host;

public sealed class OpenApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_is_valid_OpenAPI_3_1_and_names_every_route()
    {
        await using var server = await TestServer.StartAsync();
        var text = await server.Http.GetStringAsync("/openapi/v1.json", Cancel);

        var read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        var documented = read.Document!.Paths.SelectMany(path => path.Value.Operations!.Keys.Select(
            method => $"{method} {path.Key}".ToUpperInvariant()));
        var mapped = Route.AllOf(server)
            .Where(route => !route.Pattern.StartsWith("/openapi", StringComparison.Ordinal)
                && !route.Pattern.StartsWith(Wire.HubPath, StringComparison.Ordinal))
            .Select(route => Regex.Replace(route.ToString(), @":\w+", "").ToUpperInvariant());
        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_records_of_the_hub_stand_in_it_and_every_reference_leads_somewhere()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json", Cancel));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        foreach (var name in new[] { "SendMessageRequest", "SyncReply", "Heartbeat", "Refusal", "Goodbye" })
            Assert.True(schemas.TryGetProperty(name, out _), name);

        foreach (var reference in References(document.RootElement))
        {
            var at = document.RootElement;
            foreach (var step in reference[2..].Split('/'))
                Assert.True(at.TryGetProperty(step, out at), reference);
        }
    }

    [Fact]
    public async Task WR2_Numbers_are_numbers_ids_uuids_enums_words_and_what_may_be_absent_is_not_required()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json", Cancel));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");

        var signedIn = schemas.GetProperty("SignedIn").GetProperty("properties");
        Assert.Equal("integer", signedIn.GetProperty("accessTokenSeconds").GetProperty("type").GetString());
        Assert.Contains("uuid", schemas.GetRawText(), StringComparison.Ordinal);
        var role = schemas.GetProperty("Role").GetProperty("enum").EnumerateArray().Select(word => word.GetString());
        Assert.Equal(["member", "staff", "administrator"], role);
        var required = schemas.GetProperty("CreateAccountRequest").GetProperty("required").EnumerateArray()
            .Select(name => name.GetString());
        Assert.Equal(["handle", "name", "role"], required);
    }

    [Fact]
    public async Task Who_needs_a_session_is_told()
    {
        await using var server = await TestServer.StartAsync();
        using var document = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json", Cancel));
        var paths = document.RootElement.GetProperty("paths");
        Assert.True(paths.GetProperty("/api/v1/me").GetProperty("get").TryGetProperty("security", out _));
        Assert.False(paths.GetProperty("/api/v1/auth/sign-in").GetProperty("post").TryGetProperty("security", out _));
    }

    [Fact]
    public async Task There_is_a_page_to_try_it()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Contains(
            "swagger-ui", await server.Http.GetStringAsync("/docs/index.html", Cancel), StringComparison.Ordinal);
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member.Name == "$ref" && member.Value.ValueKind == JsonValueKind.String
                ? [member.Value.GetString()!]
                : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
