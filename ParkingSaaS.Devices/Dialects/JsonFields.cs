using System.Globalization;
using System.Text.Json;
using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Dialects;

/// <summary>A field is missing or of the wrong type.</summary>
sealed class BadFieldException(string field) : Exception($"Field {field} is missing or of the wrong type");

/// <summary>Typed fields of a JSON object. JSON is checked here and not by a serialiser, so that one wrong field names itself.</summary>
static class JsonFields
{
    /// <summary>Reads a payload; what cannot be read comes back as an error code, with the id where there is one.</summary>
    /// <param name="payload">A JSON object.</param>
    /// <param name="maxLength">The most bytes that are read.</param>
    /// <param name="read">Turns the message's id, if it has one, and its fields into a report.</param>
    public static Reading Read(ReadOnlyMemory<byte> payload, int maxLength, Func<string?, JsonElement, Reading> read)
    {
        if (payload.Length > maxLength)
            return Reading.Refused(EventErrors.TooLarge);
        string? id = null;
        try
        {
            using var document = JsonDocument.Parse(payload);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                return Reading.Refused(EventErrors.Malformed);
            id = document.RootElement.Id("id");
            return read(id, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: texts that are no UTF-8, or hold half of a surrogate pair, which JSON's grammar allows.
            return Reading.Refused(EventErrors.Malformed, id);
        }
        catch (BadFieldException)
        {
            return Reading.Refused(EventErrors.BadField, id);
        }
    }

    public static string? Text(this JsonElement json, string field, int maxLength) =>
        !Has(json, field, out var value) ? null
        : Readable(value, maxLength) ?? throw new BadFieldException(field);

    public static string RequiredText(this JsonElement json, string field, int maxLength) =>
        json.Text(field, maxLength) is { Length: > 0 } text ? text : throw new BadFieldException(field);

    /// <summary>A message's id, 1–64 characters; null where it has none. It goes into keys and logs: no control characters.</summary>
    public static string? Id(this JsonElement json, string field) =>
        json.Text(field, 64) is not { Length: > 0 } id ? null
        : id.Any(char.IsControl) ? throw new BadFieldException(field)
        : id;

    /// <summary>A UUID in one of the two plain ways of writing it. Parsing alone would also take blanks around it.</summary>
    public static Guid? Uuid(string? text) => text?.Length switch
    {
        36 when Guid.TryParseExact(text, "D", out var id) => id,
        32 when Guid.TryParseExact(text, "N", out var id) => id,
        _ => null
    };

    public static bool? Flag(this JsonElement json, string field) =>
        !Has(json, field, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw new BadFieldException(field);

    public static double? Number(this JsonElement json, string field, double min, double max) =>
        !Has(json, field, out var value) ? null
        : value.ValueKind is JsonValueKind.Number && value.GetDouble() is var number && number >= min && number <= max ? number
        : throw new BadFieldException(field);

    /// <summary>An ISO 8601 instant; without an offset nobody can know which instant is meant.</summary>
    public static DateTimeOffset Instant(this JsonElement json, string field) =>
        json.RequiredText(field, 40) is var text && text.LastIndexOfAny(['Z', 'z', '+', '-']) > text.IndexOf('T')
        && text.Contains('T') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : throw new BadFieldException(field);

    public static IReadOnlyList<string>? Texts(this JsonElement json, string field, int maxCount, int maxLength)
    {
        if (!Has(json, field, out var value))
            return null;
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > maxCount)
            throw new BadFieldException(field);
        return [.. value.EnumerateArray().Select(item =>
            Readable(item, maxLength) ?? throw new BadFieldException(field))];
    }

    /// <summary>A text within its bound; null for what is none. The database holds no U+0000.</summary>
    static string? Readable(JsonElement value, int maxLength) =>
        value.ValueKind is JsonValueKind.String && value.GetString() is { } text && text.Length <= maxLength && !text.Contains('\0')
            ? text
            : null;

    public static JsonElement Object(this JsonElement json, string field) =>
        Has(json, field, out var value) && value.ValueKind is JsonValueKind.Object ? value : throw new BadFieldException(field);

    static bool Has(JsonElement json, string field, out JsonElement value)
    {
        value = default;
        return json.ValueKind is JsonValueKind.Object && json.TryGetProperty(field, out value) && value.ValueKind is not JsonValueKind.Null;
    }
}
