using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Parley.Contract;

namespace Parley.Server.Host;

/// <summary>
/// The contract as an OpenAPI 3.1 document, with the records of the hub beside those of HTTP, and a page to try it. The
/// document is what the TypeScript types are made of.
/// </summary>
internal static class OpenApi
{
    public const string PagePath = "/docs";
    private const string DocumentPath = "/openapi/v1.json";
    private const string BearerScheme = "bearer";

    public static void AddOpenApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (IsId(context.JsonTypeInfo.Type))
                (schema.Type, schema.Format) = (JsonSchemaType.String, "uuid");
            foreach (var property in context.JsonTypeInfo.Properties.Where(property => !property.IsRequired))
                schema.Required?.Remove(property.Name);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        options.AddDocumentTransformer(CompleteAsync);
    });

    public static void MapOpenApiDocument(this WebApplication app) =>
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    public static void UseOpenApiPage(this WebApplication app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = PagePath[1..];
        page.SwaggerEndpoint(DocumentPath, "Parley");
        page.DocumentTitle = "Parley API";
    });

    private static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Refused: problem details (RFC 9457) with a stable code. Rule WR-5.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] =
                    new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
            },
        };
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any())
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    private static async Task CompleteAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new()
        {
            Title = "Parley",
            Version = "v1",
            Description =
                "Real-time conversations. Shapes of HTTP and of the hub at /live; its rules are in docs/protocol.md.",
        };
        // The document is the same wherever the server runs: paths start where it was found.
        document.Servers = [new() { Url = "/" }];
        document.AddComponent(BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access token of a sign-in.",
        });
        foreach (var type in HubTypes().Append(typeof(RefusalCode)).Append(typeof(Refusal)))
            document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancel));

        document.AddComponent("Problem", ProblemSchema(document));
    }

    /// <summary>Requests and answers of the hub, and what it pushes.</summary>
    private static IEnumerable<Type> HubTypes() =>
        typeof(IParleyHub).GetMethods()
            .SelectMany(method => Parameters(method).Append(AnswerOf(method.ReturnType)))
            .Concat(typeof(IParleyClient).GetMethods().SelectMany(Parameters))
            .Distinct();

    private static IEnumerable<Type> Parameters(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType);

    /// <summary>Of <c>Task&lt;Reply&lt;T&gt;&gt;</c>, the T: the envelope is the same for all.</summary>
    private static Type AnswerOf(Type task) => task.GetGenericArguments()[0].GetGenericArguments()[0];

    private static bool IsId(Type type) => (Nullable.GetUnderlyingType(type) ?? type).GetInterfaces()
        .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IId<>));

    private static OpenApiSchema ProblemSchema(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A refusal over HTTP. Rule WR-5.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["code"] = new OpenApiSchemaReference(nameof(RefusalCode), document),
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["retryAfterSeconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
        },
    };
}
