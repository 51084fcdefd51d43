using System.Globalization;

namespace ParkingSaaS.Core.Common;

/// <summary>Times as programs write them.</summary>
public static class Instants
{
    /// <summary>What a caller is told who wrote something else.</summary>
    public const string Expected = "Must be a time such as \"2026-10-01T08:30:00+08:00\", or without an offset on the city's clock";

    static readonly string[] Local = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"];
    static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Reads ISO 8601. Without an offset it is the zone's wall clock; a date alone is its beginning there.</summary>
    public static DateTimeOffset? TryParse(string? text, CityZone zone)
    {
        if (DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return zone.Instant(local);
        return DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? Instant.Cut(at) : null;
    }
}
