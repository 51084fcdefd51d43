using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>
/// Holds a document against the serialiser's own picture of a type and reports every field that does not fit. The
/// serialiser alone would stop at the first and name it only in prose.
/// </summary>
internal static class TariffJsonShape
{
    public static IReadOnlyList<TariffProblem> Check(JsonElement json, Type type, JsonSerializerOptions options)
    {
        var problems = new List<TariffProblem>();
        Check(json, options.GetTypeInfo(type), "", problems);
        return problems;
    }

    private static void Check(JsonElement json, JsonTypeInfo type, string path, List<TariffProblem> problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when json.ValueKind != JsonValueKind.Object:
                problems.Add(new(path, "json.wrongType", "Must be an object"));
                break;
            case JsonTypeInfoKind.Object:
                CheckObject(json, type, path, problems);
                break;
            case JsonTypeInfoKind.Enumerable when json.ValueKind != JsonValueKind.Array:
                problems.Add(new(path, "json.wrongType", "Must be a list"));
                break;
            case JsonTypeInfoKind.Enumerable:
                var element = type.Options.GetTypeInfo(type.ElementType!);
                var index = 0;
                foreach (var item in json.EnumerateArray())
                    Check(item, element, $"{path}/{index++}", problems);
                break;
            case JsonTypeInfoKind.None:
                CheckValue(json, type, path, problems);
                break;
            default:
                throw new UnreachableException($"{type.Type.Name} is no kind of field that documents have");
        }
    }

    private static void CheckObject(JsonElement json, JsonTypeInfo type, string path, List<TariffProblem> problems)
    {
        string? discriminator = null;
        if (type.PolymorphismOptions is { } polymorphism)
        {
            discriminator = polymorphism.TypeDiscriminatorPropertyName;
            var kinds = polymorphism.DerivedTypes;
            var named = json.TryGetProperty(discriminator, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString() : null;
            var kind = kinds.FirstOrDefault(k => (string?)k.TypeDiscriminator == named);
            if (kind.DerivedType is null)
            {
                problems.Add(new($"{path}/{discriminator}", named is null ? "json.missing" : "json.wrongValue",
                    "Must be one of " + string.Join(", ", kinds.Select(k => k.TypeDiscriminator))));
                return;
            }
            type = type.Options.GetTypeInfo(kind.DerivedType);
        }

        foreach (var field in json.EnumerateObject())
        {
            if (field.Name == discriminator)
                continue;
            var at = path + TariffProblem.Step(field.Name);
            if (type.Properties.FirstOrDefault(p => p.Name == field.Name) is not { } property)
                problems.Add(new(at, "json.unknown", $"\"{field.Name}\" is not a field here; there are: "
                    + string.Join(", ", type.Properties.Select(p => p.Name))));
            else if (field.Value.ValueKind != JsonValueKind.Null)
                Check(field.Value, type.Options.GetTypeInfo(property.PropertyType), at, problems);
            else if (!property.IsSetNullable)
                problems.Add(new(at, "json.wrongType", "Must not be null"));
        }
        foreach (var property in type.Properties)
            if (property.IsRequired && !json.TryGetProperty(property.Name, out _))
                problems.Add(new($"{path}/{property.Name}", "json.missing", $"\"{property.Name}\" is missing"));
    }

    private static void CheckValue(JsonElement json, JsonTypeInfo type, string path, List<TariffProblem> problems)
    {
        try
        {
            // PostgreSQL keeps no NUL, and nobody sees the others.
            if (json.Deserialize(type) is string text && text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
                problems.Add(new(path, "text.control", "Must not have control characters; a description may have line breaks and tabs"));
        }
        // Converters of values report a wrong kind of token either way.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            problems.Add(new(path, "json.wrongValue", Expected(Nullable.GetUnderlyingType(type.Type) ?? type.Type)));
        }
    }

    private static string Expected(Type type) =>
        type.IsEnum ? "Must be one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))
        : type == typeof(string) ? "Must be a text"
        : type == typeof(int) ? "Must be a whole number"
        : type == typeof(decimal) ? "Must be a number"
        : type == typeof(bool) ? "Must be true or false"
        : type == typeof(DateOnly) ? "Must be a date such as \"2026-10-01\""
        : type == typeof(DateTime) ? "Must be a local time such as \"2026-10-01T08:30:00\""
        : type == typeof(ClockTime) ? "Must be a clock time from \"00:00\" to \"24:00\""
        : type == typeof(MonthDay) ? "Must be a day of the year such as \"10-01\""
        : throw new UnreachableException($"Nothing says what is expected of {type.Name}");
}
