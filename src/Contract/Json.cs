using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Parley.Contract;

/// <summary>The one way every record of this assembly becomes JSON, in both directions, on both doors.</summary>
/// <remarks>Rule WR-2.</remarks>
public static class WireJson
{
    /// <summary>Camel case, strict numbers, nulls left out, enums as camel-case strings, depth bounded.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Applies the wire's rules to options that a framework made.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = Limits.JsonDepthMax;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers = { LetNullableBeAbsent, LetNoListHoldNull },
        };
        return options;
    }

    /// <summary>Absent means null (rule WR-2), so what may be null is never required.</summary>
    private static void LetNullableBeAbsent(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;

        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: true }
                || property.AssociatedParameter is { } parameter
                    && Nullable.GetUnderlyingType(parameter.ParameterType) is not null)
            {
                property.IsRequired = false;
            }
        }
    }

    /// <summary>Null annotations hold for members only; the elements of a list or dictionary are checked
    /// here.</summary>
    private static void LetNoListHoldNull(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;

        var lists = type.Properties
            .Where(property => property.PropertyType != typeof(string)
                && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            .ToList();
        if (lists.Count > 0)
            type.OnDeserialized = item => lists.ForEach(list => CheckElements(list, item));
    }

    private static void CheckElements(JsonPropertyInfo list, object item)
    {
        var elements = list.Get?.Invoke(item) switch
        {
            IReadOnlyDictionary<string, string> dictionary => dictionary.Values,
            IEnumerable<object?> references => references, // of values none can be null
            _ => [],
        };
        if (elements.Contains(null))
            throw new JsonException($"{list.Name}: must not hold null.");
    }
}

/// <summary>Writes an enum as a camel-case string and reads nothing but those strings.</summary>
public sealed class CamelCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
