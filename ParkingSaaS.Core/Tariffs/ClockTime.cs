using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>A local clock time from 00:00 to 24:00, which <see cref="TimeOnly"/> cannot name. In JSON "HH:mm".</summary>
[JsonConverter(typeof(Json))]
public readonly record struct ClockTime(int Minutes)
{
    public ClockTime(int hour, int minute) : this(hour * 60 + minute) { }

    public override string ToString() => $"{Minutes / 60:00}:{Minutes % 60:00}";

    private sealed class Json : JsonConverter<ClockTime>
    {
        public override ClockTime Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = reader.GetString() ?? "";
            if (text is ['2', '4', ':', '0', '0'])
                return new(24, 0);
            return TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? new(time.Hour, time.Minute)
                : throw new JsonException("must be a clock time from \"00:00\" to \"24:00\"");
        }

        public override void Write(Utf8JsonWriter writer, ClockTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A day of any year; 29 February counts. In JSON "MM-dd".</summary>
[JsonConverter(typeof(Json))]
public readonly record struct MonthDay(int Month, int Day)
{
    internal int Order => Month * 100 + Day;

    public override string ToString() => $"{Month:00}-{Day:00}";

    private sealed class Json : JsonConverter<MonthDay>
    {
        // A leap year, so that 02-29 can be named.
        public override MonthDay Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            DateOnly.TryParseExact("2000-" + reader.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var date)
                ? new(date.Month, date.Day)
                : throw new JsonException("must be a day of the year such as \"10-01\"");

        public override void Write(Utf8JsonWriter writer, MonthDay value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
