using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>The one place where tariffs, calendars and quotes become JSON and come back. Schema: docs/tariff-schema.md.</summary>
public static class TariffJson
{
    /// <summary>A longer document is refused unread.</summary>
    public const int MaxCharacters = 256 * 1024;

    /// <summary>What is said of one.</summary>
    public static readonly TariffProblem TooLong = new("", "json.tooLong", $"A tariff has at most {MaxCharacters} characters");

    /// <summary>Strict: unknown and repeated fields, numbers for names and nulls for values are errors.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: false);

    private static readonly JsonSerializerOptions Indented = Create(indented: true);

    public static string Write(Tariff tariff) => JsonSerializer.Serialize(tariff, Indented);

    /// <summary>Reads and validates. With problems there is no tariff.</summary>
    public static TariffReading Read(string json)
    {
        if (Malformed(json) is { } problem)
            return new(null, [problem]);
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    /// <summary>Why a text is no JSON, or too much of it, and where; null where it is some.</summary>
    public static TariffProblem? Malformed(string json) => json.Length > MaxCharacters ? TooLong : TariffJsonText.Check(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="Read(string)"/>
    public static TariffReading Read(JsonElement json)
    {
        var problems = TariffJsonShape.Check(json, typeof(Tariff), Options);
        if (problems.Count > 0)
            return new(null, problems);
        var tariff = json.Deserialize<Tariff>(Options)!;
        problems = TariffValidation.Check(tariff);
        return new(problems.Count > 0 ? null : tariff, problems);
    }

    /// <summary>Reads a version that was published. It was valid then: what has been forbidden since does not make it unreadable.</summary>
    public static Tariff ReadPublished(string json) => JsonSerializer.Deserialize<Tariff>(json, Options)!;

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            AllowOutOfOrderMetadataProperties = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectRequiredConstructorParameters = false,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            WriteIndented = indented,
            NewLine = "\n",
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatSaysNothing } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutWhatSaysNothing(JsonTypeInfo type)
    {
        if (type.Type == typeof(Engine.FeeQuote))
        {
            // What has no fee says no amount, which would be taken for one.
            var total = type.Properties.Single(p => p.Name == "total");
            (total.IsRequired, total.ShouldSerialize) = (false, (quote, _) => ((Engine.FeeQuote)quote).Problem is null);
            return;
        }
        foreach (var property in type.Properties)
            if (property.PropertyType is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
                property.ShouldSerialize = (_, value) => value is not System.Collections.ICollection { Count: 0 };
    }
}
