using System.Globalization;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>How screens write money, time and names.</summary>
public static class Show
{
    /// <summary>The city's wall clock, <c>2026-11-21 09:30:05</c>; an en dash where there is none.</summary>
    public static string Time(this CityZone zone, DateTimeOffset? at) =>
        at is { } instant ? zone.Local(instant).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "–";

    /// <summary>To the minute, and without the year where it is this one: <c>11-21 09:30</c>.</summary>
    public static string Short(this CityZone zone, DateTimeOffset? at, DateTimeOffset now) => at is not { } instant ? None
        : zone.Local(instant) is var local && local.Year == zone.Local(now).Year ? local.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)
        : local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Its time of day, <c>09:30:05</c>, for what has just happened.</summary>
    public static string Clock(this CityZone zone, DateTimeOffset at) => zone.Local(at).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The same without its minutes: <c>2026-11-21 09:00</c> for what is told to the hour only.</summary>
    public static string Hour(this CityZone zone, DateTimeOffset? at) =>
        at is { } instant ? zone.Local(instant).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    /// <summary>What stands where there is nothing.</summary>
    public const string None = "–";

    /// <summary>A date, <c>2026-11-21</c>; an en dash where there is none.</summary>
    public static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? None;

    /// <summary>A day as the browser's inputs read and write it; null where there is none.</summary>
    public static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A minute of the wall clock as the browser's inputs read and write it; null where there is none.</summary>
    public static string? Iso(DateTime? minute) => minute?.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    /// <summary>Hundredths of a percent, <c>33.33%</c>.</summary>
    public static string Percent(int hundredths) => (hundredths / 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>The text; an en dash where it is empty.</summary>
    public static string OrNone(string text) => text.Length > 0 ? text : None;

    /// <summary>How long, to the minute: <c>2 d 3 h 05 min</c>, <c>2 天 3 小时 05 分</c>.</summary>
    public static string Duration(TimeSpan span)
    {
        var zh = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";
        var (d, h, m) = zh ? ("天", "小时", "分") : ("d", "h", "min");
        return span.Days > 0 ? $"{span.Days} {d} {span.Hours} {h} {span.Minutes:00} {m}"
            : span.Hours > 0 ? $"{span.Hours} {h} {span.Minutes:00} {m}"
            : $"{span.Minutes} {m}";
    }

    /// <summary>The name of an enum's value: the text <c>LotKind.OnStreet</c>.</summary>
    public static string Of(this IStringLocalizer<Texts> texts, Enum value) => texts[$"{value.GetType().Name}.{value}"];

    /// <summary>Texts one after the other, without empty ones: <c>blue plates, green plates</c>, <c>蓝牌、绿牌</c>.</summary>
    public static string List(this IStringLocalizer<Texts> texts, IEnumerable<string> parts) =>
        string.Join(texts["list.comma"], parts.Where(p => p.Length > 0));

    /// <summary>Who did something, as histories keep it: a person's name, or our word for a part of the program: <c>the devices</c>.</summary>
    public static string By(this IStringLocalizer<Texts> texts, string? name) =>
        name is null ? None : texts["actor." + name] is { ResourceNotFound: false } known ? known : name;

    /// <summary>A name and what it is: <c>Reason: fleet</c>, <c>原因：车队</c>.</summary>
    public static string Pair(this IStringLocalizer<Texts> texts, string name, object? value) => texts["{0}: {1}", name, value ?? None];

    /// <summary>The city's name in the language of the screen.</summary>
    public static string LocalName(this City city) =>
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? city.Name : city.NameEn;
}
