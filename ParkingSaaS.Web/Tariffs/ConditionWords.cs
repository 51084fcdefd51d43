using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>Says for whom and when something in a tariff holds.</summary>
static class ConditionWords
{
    static readonly DayOfWeek[] Week = [.. Enumerable.Range(1, 7).Select(d => (DayOfWeek)(d % 7))];

    /// <summary>Days, dates and hours; empty where it is always.</summary>
    public static string When(this IStringLocalizer<Texts> texts, AppliesTo? condition, DayWindow? window = null, int? afterMinutes = null) => texts.List(
    [
        texts.List((condition?.DayTypes ?? []).Distinct().Order().Select(t => texts[$"dayType.{JsonNamingPolicy.CamelCase.ConvertName(t.ToString())}"].Value)),
        texts.List(Weekdays(texts, condition?.Weekdays ?? [])),
        texts.List((condition?.Seasons ?? []).Select(s => texts["every year from {0} to {1}", Day(s.From), Day(s.To)].Value)),
        texts.List((condition?.Dates ?? []).Select(d => d.From == d.To ? $"{d.From:yyyy-MM-dd}"
            : texts["{0} to {1}", $"{d.From:yyyy-MM-dd}", $"{d.To:yyyy-MM-dd}"].Value)),
        window is null ? "" : window.To.Minutes > window.From.Minutes ? $"{window.From}–{window.To}" : texts["{0}–{1} of the next day", window.From, window.To],
        afterMinutes is { } after ? texts["once the car has stayed for {0}", texts.Minutes(after)] : ""
    ]);

    /// <summary>Vehicles; empty for all.</summary>
    /// <param name="names">What the groups are called in the language of the screen.</param>
    public static string Who(this IStringLocalizer<Texts> texts, AppliesTo? condition, PageNames names) => condition is null ? "" : texts.List(
    [
        texts.List(condition.Vehicles.Distinct().Order().Select(v => texts[$"vehicles.{v}"].Value)),
        texts.List(condition.Colours.Distinct().Order().Select(c => texts[$"plates.{c}"].Value)),
        condition.NewEnergy switch
        {
            true => texts["new-energy vehicles"],
            false => texts["no new-energy vehicles"],
            null => ""
        },
        condition.Groups.Count > 0 ? texts["in one of the groups {0}", texts.List(condition.Groups.Select(g => names[g]))] : "",
        condition.AllGroups.Count > 0 ? texts["in each of the groups {0}", texts.List(condition.AllGroups.Select(g => names[g]))] : "",
        condition.ByHand switch
        {
            true => texts["only if marked for extra charge"],
            false => texts["unless marked for extra charge"],
            null => ""
        }
    ]);

    /// <summary>A length of time: <c>2 h</c>, <c>90 min</c>.</summary>
    public static string Minutes(this IStringLocalizer<Texts> texts, int minutes) =>
        minutes % 60 == 0 ? texts["{0} h", minutes / 60] : texts["{0} min", minutes];

    /// Three or more in a row by the first and the last.
    static IEnumerable<string> Weekdays(IStringLocalizer<Texts> texts, IReadOnlyList<DayOfWeek> days)
    {
        for (var i = 0; i < Week.Length; i++)
        {
            if (!days.Contains(Week[i]))
                continue;
            var first = i;
            while (i + 1 < Week.Length && days.Contains(Week[i + 1]))
                i++;
            if (i - first > 1)
                yield return texts["weekday.range", Name(first), Name(i)];
            else
                for (var day = first; day <= i; day++)
                    yield return Name(day);
        }

        string Name(int day) => texts[$"weekday.{JsonNamingPolicy.CamelCase.ConvertName(Week[day].ToString())}"];
    }

    static string Day(MonthDay day) => new DateTime(2000, day.Month, day.Day).ToString("M", CultureInfo.CurrentUICulture);
}
